import type { Health } from '~/gql/graphql';
import type { Tone } from '~/ui/Status';

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

// Finished pods stand among the running ones, as kubectl shows them: only what needs a look comes first.
const weights: Record<Health, number> = { CRITICAL: 0, WARNING: 1, UNKNOWN: 2, PROGRESSING: 3, OK: 4, DONE: 4 };
export const weigh = (health: Health) => weights[health];
