import type { Messages } from '~/locales/en';
import type { WorkloadRow } from '../feeds/workloads';

/** One word for how it fares: a CronJob that waits for its time is not "running". */
export function workloadWord(row: WorkloadRow, t: Messages) {
  const words = t.workloads.state;
  if (row.paused) return words.paused;
  if (row.kind === 'CronJob' && row.health === 'OK') return words.scheduled;
  if (row.desiredPods === 0 && row.health === 'OK') return words.scaledDown;
  return words[row.health];
}
