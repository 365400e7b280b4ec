import type { IncidentRow } from '~/features/cluster/feeds/incidents';
import { openIncidents, useIncidentFeed } from '~/features/cluster/feeds/incidents';
import { podFeed } from '~/features/cluster/feeds/pods';
import { groupOf } from '~/features/cluster/health';
import { useClusters } from '~/features/cluster/Sources';
import { useFeed } from '~/lib/liveStore';

/** How things stand, said once for the sentence and the dial. What is not known is never called well. */
export type Standing =
  | { is: 'wrong'; open: IncidentRow[] }
  | { is: 'blind' | 'looking' | 'off' }
  | { is: 'restless'; pods: number }
  | { is: 'quiet'; pods: number };

export function useStanding(): Standing {
  const incidents = useIncidentFeed();
  useFeed(incidents);
  useFeed(podFeed);
  const { data } = useClusters();
  const open = openIncidents(incidents);
  if (open.length) return { is: 'wrong', open };
  if (!data || incidents.phase === 'loading' || podFeed.phase === 'loading') return { is: 'looking' };
  if (!data.clusters.length) return { is: 'off' };
  const silent = data.clusters.every((cluster) => !cluster.reachable || cluster.freshness.stale);
  if (silent || incidents.phase === 'failed' || podFeed.phase === 'failed' || podFeed.freshness?.stale)
    return { is: 'blind' };
  const pods = [...podFeed.rows.values()];
  const look = pods.filter((pod) => groupOf(pod.health) === 'look').length;
  return look ? { is: 'restless', pods: look } : { is: 'quiet', pods: pods.length };
}
