import { useI18n } from '~/locales';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import css from './ChannelPanel.module.css';
import type { Channel } from './channel';

/** The last message did not arrive: when, after how many tries, and what the provider said, word for word. */
export function LastDelivery({ delivery }: { delivery: NonNullable<Channel['lastDelivery']> }) {
  const { t } = useI18n();
  return (
    <section className={css.answer} aria-label={t.alerts.lastFailed}>
      <Status tone={delivery.state === 'RETRYING' ? 'warning' : 'critical'}>{t.alerts.lastFailed}</Status>
      <p>
        <Time at={delivery.createdAt} kind="moment" /> · {t.incidents.attempts(delivery.attempts)} · {t.alerts.answered}
      </p>
      <pre>{delivery.error}</pre>
    </section>
  );
}

type Result = { targetHint: string; delivered: boolean; answer?: string | null };

export function TestResults({ results }: { results: Result[] }) {
  const { t } = useI18n();
  return (
    <div className={css.results} role="status">
      {results.map(({ targetHint, delivered, answer }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two targets may look the same, and the list never changes
        <section key={at} className={`${css.answer} ${delivered ? css.arrived : ''}`}>
          <Status tone={delivered ? 'ok' : 'critical'}>
            {delivered ? t.alerts.testArrived(targetHint) : t.alerts.testFailed(targetHint)}
          </Status>
          <p>{answer ? t.alerts.answered : t.alerts.noAnswer}</p>
          {answer && <pre>{answer}</pre>}
        </section>
      ))}
    </div>
  );
}
