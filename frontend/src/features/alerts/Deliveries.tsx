import { useRight } from '~/features/auth/session';
import type { DeliveryLineFragment, DeliveryState } from '~/gql/graphql';
import { useNow } from '~/lib/clock';
import { moment } from '~/lib/time';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Status, type Tone } from '~/ui/Status';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import css from './Deliveries.module.css';
import story from './IncidentPage.module.css';
import { useRetryDelivery } from './incident';

export const deliveryTones: Record<DeliveryState, Tone> = {
  PENDING: 'progress',
  SENDING: 'progress',
  DELIVERED: 'ok',
  RETRYING: 'warning',
  DEAD: 'critical',
};

export function Deliveries({ deliveries }: { deliveries: DeliveryLineFragment[] }) {
  const { t } = useI18n();
  const { told, toldSub, nobodyTold, ledger } = t.incidents;
  return (
    <section>
      <h2>{told}</h2>
      <p className={story.sub}>{deliveries.length ? toldSub : nobodyTold}</p>
      {deliveries.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: as a grid on a phone the table would lose its meaning
        <table className={css.ledger} role="table">
          <thead>
            <tr>
              <th scope="col">{ledger.when}</th>
              <th scope="col">{ledger.whom}</th>
              <th scope="col">{ledger.what}</th>
              <th scope="col">{ledger.answer}</th>
            </tr>
          </thead>
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <tbody role="rowgroup">
            {deliveries.map((delivery) => (
              <Line key={delivery.id} delivery={delivery} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Line({ delivery }: { delivery: DeliveryLineFragment }) {
  const { t } = useI18n();
  const { channel, targetHint, transition, deliveredAt, createdAt } = delivery;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.when}>
        <Time at={deliveredAt ?? createdAt} kind="moment" />
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.whom}>
        {channel?.name ?? t.incidents.deletedChannel}
        <span className={css.sub}>{targetHint}</span>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.what}>
        {transition?.summary}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.answer}>
        <DeliveryStatus delivery={delivery} />
        {delivery.error && <span className={css.verbatim}>{delivery.error}</span>}
        {delivery.state === 'DEAD' && <SendAgain id={delivery.id} />}
      </td>
    </tr>
  );
}

type Standing = Pick<DeliveryLineFragment, 'state' | 'nextAttemptAt' | 'attempts'>;

export function DeliveryStatus({ delivery }: { delivery: Standing }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const { state, nextAttemptAt, attempts } = delivery;
  const word =
    state === 'RETRYING' && nextAttemptAt
      ? t.incidents.retryingAt(moment(locale, Date.parse(nextAttemptAt), now))
      : t.incidents.delivery[state];
  return (
    <Status tone={deliveryTones[state]} title={t.incidents.attempts(attempts)}>
      {word}
    </Status>
  );
}

function SendAgain({ id }: { id: string }) {
  const { t } = useI18n();
  const managesChannels = useRight('CHANNELS_MANAGE');
  const reason = useReason();
  const retry = useRetryDelivery();
  if (!managesChannels) return null;
  return (
    <Button
      small
      busy={retry.isPending}
      onClick={() =>
        retry.mutate(id, {
          onSuccess: () => toast.well(t.incidents.sentAgain),
          onError: (error) => toast.bad(reason(error)),
        })
      }
    >
      {t.incidents.sendAgain}
    </Button>
  );
}
