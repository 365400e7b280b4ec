import { useConnection } from '~/lib/live';
import { clockSeconds } from '~/lib/time';
import { useI18n } from '~/locales';
import { Mark } from '~/ui/Status';
import css from './LiveBadge.module.css';

const marks = { live: 'live', connecting: 'progress', offline: 'offline' } as const;

/** Whether what is on the screen still changes by itself, and of when it is. */
export function LiveBadge() {
  const { t, locale } = useI18n();
  const { status, lastAt } = useConnection();
  return (
    <span className={`${css.live} ${css[status]}`} role="status" data-live={status}>
      <Mark name={marks[status]} />
      <b>{t.app.live[status]}</b>
      {lastAt > 0 && (
        <span className={css.asOf}>
          <span aria-hidden="true">·</span> {t.app.asOf(clockSeconds(locale, lastAt))}
        </span>
      )}
    </span>
  );
}
