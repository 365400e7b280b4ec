import { useNow } from '~/lib/clock';
import { day, daysUntil, type Locale, moment } from '~/lib/time';
import { useI18n } from '~/locales';
import type { Messages } from '~/locales/en';
import type { CertificateRow } from '../feeds/certificates';
import { tones } from '../health';
import css from './Lifetime.module.css';

const HOUR = 3_600_000;

export function leftInWords(t: Messages, locale: Locale, notAfter: string | null | undefined, now: number) {
  if (!notAfter) return t.cluster.notIssued;
  const end = Date.parse(notAfter);
  if (end <= now) return t.cluster.expired(moment(locale, end, now));
  const days = daysUntil(end, now);
  return days >= 2 ? t.cluster.daysLeft(days) : t.cluster.hoursLeft(Math.floor((end - now) / HOUR));
}

/** A lifetime as a bar: filled up to now, with a notch where the renewal is due. */
export function Lifetime({ certificate }: { certificate: CertificateRow }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const { notBefore, notAfter, renewalAt, health } = certificate;
  if (!notBefore || !notAfter) return <span className={css.none}>{t.cluster.notIssued}</span>;
  const from = Date.parse(notBefore);
  const to = Date.parse(notAfter);
  const place = (at: number) => Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
  const left = leftInWords(t, locale, notAfter, now);
  const label = t.cluster.lifetime(day(locale, from, now), day(locale, to, now), left);
  return (
    <svg
      className={`${css.bar} ${css[tones[health]] ?? ''}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className={css.whole} x="0" y="2.5" width="100" height="5" />
      <rect className={css.spent} x="0" y="2.5" width={place(now)} height="5" />
      {renewalAt && (
        <line
          className={css.notch}
          x1={place(Date.parse(renewalAt))}
          x2={place(Date.parse(renewalAt))}
          y1="0"
          y2="10"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
