import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Health } from '~/gql/graphql';
import { useNow } from '~/lib/clock';
import { age } from '~/lib/time';
import { useI18n } from '~/locales';
import { Status, type Tone } from '~/ui/Status';
import { tones } from '../health';
import css from './cells.module.css';

type Incident = { number: number } | null | undefined;

export function IncidentLink({ incident }: { incident: Incident }) {
  const { t } = useI18n();
  if (!incident) return null;
  return (
    <Link to="/incidents/$number" params={{ number: String(incident.number) }} className={css.incident}>
      {t.incidents.number(incident.number)}
    </Link>
  );
}

export function JustNow({ is }: { is: boolean }) {
  const { t } = useI18n();
  return is && <span className={css.justNow}>{t.cluster.justNow}</span>;
}

/** A word without a mark, in line with those that have one: nobody has to act. */
export const Plain = ({ children }: { children: ReactNode }) => <span className={css.plain}>{children}</span>;

type State = { health: Health; incident?: Incident };

/** How something fares, in its own word, with its incident. */
export function State(props: { of: State; word: string; why?: string | null; tone?: Tone; justNow?: boolean }) {
  const { of, word, why, tone = tones[of.health], justNow = false } = props;
  return (
    <>
      <Status tone={tone} {...(why ? { title: why } : {})}>
        {word}
      </Status>
      <IncidentLink incident={of.incident} />
      <JustNow is={justNow} />
    </>
  );
}

/** Strong when short of what it should be. */
export function Ready({ ready, of, over }: { ready: number; of: number; over?: boolean }) {
  const text = `${ready}/${of}`;
  return ready < of && !over ? <b>{text}</b> : text;
}

const RECENT = 60 * 60 * 1000;

/** How often, and how long ago the last time was: as kubectl writes it. */
export function Restarts({ times, lastAt }: { times: number; lastAt?: string | null | undefined }) {
  const { t } = useI18n();
  const now = useNow();
  if (!times) return <span className={css.zero}>0</span>;
  if (!lastAt) return times;
  const ago = now - Date.parse(lastAt);
  const text = `${times} (${t.cluster.ago(age(ago))})`;
  return ago < RECENT ? <strong className={css.recent}>{text}</strong> : text;
}
