import { useNow } from '~/lib/clock';
import { age, clockSeconds, day, duration, exact, moment, when } from '~/lib/time';
import { useI18n } from '~/locales';

type Kind = 'when' | 'day' | 'moment' | 'seconds' | 'age' | 'duration';

/** A time in the words that suit the place; the exact one is always a hover away. */
export function Time({ at, kind }: { at: string; kind: Kind }) {
  const { locale } = useI18n();
  const now = useNow();
  const then = Date.parse(at);
  const text = {
    when: () => when(locale, then, now),
    day: () => day(locale, then, now),
    moment: () => moment(locale, then, now),
    seconds: () => clockSeconds(locale, then),
    age: () => age(now - then),
    duration: () => duration(locale, now - then),
  }[kind]();
  return (
    <time dateTime={at} title={exact(locale, then)}>
      {text}
    </time>
  );
}
