import { useNow } from '~/lib/clock';
import { clock } from '~/lib/time';
import { useI18n } from '~/locales';
import css from './Dial.module.css';

const HOUR = 3_600_000;
const bolts = Array.from({ length: 12 }, (_, at) => at * 2);
const point = (hour: number, radius: number) => {
  const angle = (hour / 24) * 2 * Math.PI - Math.PI / 2;
  return `${(48 + radius * Math.cos(angle)).toFixed(2)} ${(48 + radius * Math.sin(angle)).toFixed(2)}`;
};

type Recent = { id: string; severity: 'CRITICAL' | 'WARNING'; openedAt: string };

/**
 * A gauge of 24 hours, now at the top and the past going back anticlockwise. An hour in which something opened is a
 * wedge. The label says the same in words: it is never the only place a fact is told.
 */
export function Dial({ recent, open, quiet }: { recent: Recent[]; open: number; quiet: boolean }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const lastDay = recent
    .filter((incident) => now - Date.parse(incident.openedAt) < 24 * HOUR)
    .sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt));
  const hours = new Map<number, 'critical' | 'warning'>();
  for (const { severity, openedAt } of lastDay) {
    const ago = Math.floor((now - Date.parse(openedAt)) / HOUR);
    if (severity === 'CRITICAL' || !hours.has(ago)) hours.set(ago, severity === 'CRITICAL' ? 'critical' : 'warning');
  }
  const list = lastDay
    .map(({ severity, openedAt }) => {
      const time = clock(locale, Date.parse(openedAt));
      return severity === 'CRITICAL' ? t.home.dialCritical(time) : t.home.dialWarning(time);
    })
    .join(', ');
  const label = list
    ? t.home.dial(list, open)
    : open
      ? `${t.home.dialNone}. ${t.app.openIncidents(open)}`
      : quiet
        ? t.home.dialQuiet
        : t.home.dialNone;
  return (
    <svg className={css.dial} viewBox="0 0 96 96" role="img" aria-label={label}>
      <circle className={css.glass} cx="48" cy="48" r="34.5" />
      <path className={css.water} d="M14.2 55c11.3-5 22.5-5 33.8 0s22.5 5 33.8 0A34.5 34.5 0 0 1 14.2 55z" />
      <circle className={css.rim} cx="48" cy="48" r="41" />
      {bolts.map((hour) => {
        const [x, y] = point(hour, 41).split(' ');
        return <circle key={hour} className={css.bolt} cx={x} cy={y} r="1.7" />;
      })}
      {[...hours].map(([ago, severity]) => (
        <path
          key={ago}
          className={css[severity]}
          d={`M${point(-ago - 0.92, 41)}A41 41 0 0 1 ${point(-ago - 0.08, 41)}`}
        />
      ))}
      {open ? (
        <>
          <text x="48" y="52">
            {open}
          </text>
          <text className={css.caption} x="48" y="66">
            {t.home.open}
          </text>
        </>
      ) : (
        // A tick says that all is well; short of that, nothing is said.
        quiet && <path className={css.tick} d="m39.5 46 6 6 11-12" />
      )}
    </svg>
  );
}
