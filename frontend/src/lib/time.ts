export type Locale = 'en' | 'ko';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making a formatter is slow and tables need thousands: keep one of each kind.
const made = new Map<string, Intl.DateTimeFormat>();
function format(locale: Locale, options: Intl.DateTimeFormatOptions, at: number) {
  const key = locale + JSON.stringify(options);
  let formatter = made.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale === 'ko' ? 'ko' : 'en-GB', options);
    made.set(key, formatter);
  }
  return formatter.format(at);
}

/** As Kubernetes writes an age: 22s, 16m, 3h, 31d. */
export function age(ms: number) {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** How long something lasts, in words: 14 minutes, 3 hours, 2 days. */
export function duration(locale: Locale, ms: number) {
  const [amount, unit] =
    ms < MINUTE
      ? [Math.max(0, Math.floor(ms / SECOND)), 'second']
      : ms < 2 * HOUR
        ? [Math.floor(ms / MINUTE), 'minute']
        : ms < 2 * DAY
          ? [Math.floor(ms / HOUR), 'hour']
          : [Math.floor(ms / DAY), 'day'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(
    amount as number,
  );
}

export const clock = (locale: Locale, at: number) =>
  format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at);

export const clockSeconds = (locale: Locale, at: number) =>
  format(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, at);

export const exact = (locale: Locale, at: number) =>
  format(locale, { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' } as Intl.DateTimeFormatOptions, at);

export const day = (locale: Locale, at: number, now: number) =>
  format(
    locale,
    new Date(at).getFullYear() === new Date(now).getFullYear()
      ? { day: 'numeric', month: 'short' }
      : { day: 'numeric', month: 'short', year: 'numeric' },
    at,
  );

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** When somebody wrote: 3 minutes ago, 9:12, yesterday, Friday, 9 Nov. */
export function when(locale: Locale, at: number, now: number) {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const ago = now - at;
  if (ago < MINUTE) return locale === 'ko' ? '방금' : 'just now';
  if (ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), 'minute');
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) return clock(locale, at);
  if (days === 1) return relative.format(-1, 'day');
  if (days < 7) return format(locale, { weekday: 'long' }, at);
  return day(locale, at, now);
}

/** When something happened to the machines: 11:49 today, otherwise the day and the time. */
export function moment(locale: Locale, at: number, now: number) {
  return midnight(at) === midnight(now) ? clock(locale, at) : `${day(locale, at, now)} ${clock(locale, at)}`;
}

export const daysUntil = (at: number, now: number) => Math.floor((at - now) / DAY);
