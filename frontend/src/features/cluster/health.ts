import type { Health } from '~/gql/graphql';
import type { Messages } from '~/locales/en';
import type { Tone } from '~/ui/Status';
import type { Compare, Part } from './list/list';
import { text } from './list/order';

export const tones: Record<Health, Tone> = {
  CRITICAL: 'critical',
  WARNING: 'warning',
  UNKNOWN: 'unknown',
  PROGRESSING: 'progress',
  OK: 'ok',
  DONE: 'done',
};

export type Group = 'look' | 'way' | 'rest';

/** Need a look, are on their way, or neither: the stronger lines of the table run between these. */
export const groupOf = (health: Health): Group =>
  health === 'OK' || health === 'DONE' ? 'rest' : health === 'PROGRESSING' ? 'way' : 'look';

// What is finished stands among what runs, as kubectl shows it: only what needs a look comes first.
const weights: Record<Health, number> = { CRITICAL: 0, WARNING: 1, UNKNOWN: 2, PROGRESSING: 3, OK: 4, DONE: 4 };
export const weigh = (health: Health) => weights[health];

type Named = { health: Health; namespace?: string; name: string };

export const byName: Compare<Named> = (a, b) => text(a.namespace ?? '', b.namespace ?? '') || text(a.name, b.name);
export const worstFirst: Compare<Named> = (a, b) => weigh(a.health) - weigh(b.health) || byName(a, b);

export const worst = (rows: Iterable<{ health: Health }>): Tone => {
  let least: Health = 'DONE';
  for (const { health } of rows) if (weigh(health) < weigh(least)) least = health;
  return tones[least];
};

/** The parts that a list of things with a health can show alone. */
export const healthParts = <T extends { health: Health }>(c: Messages['cluster'], well: string): Part<T>[] => [
  { value: 'look', label: c.look, holds: ({ health }) => groupOf(health) === 'look', tone: worst },
  { value: 'way', label: c.way, holds: ({ health }) => groupOf(health) === 'way', tone: () => 'progress' },
  { value: 'well', label: well, holds: ({ health }) => health === 'OK' },
];
