import { graphql } from '~/gql';
import type { WorkloadRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment WorkloadRow on Workload {
    id cluster kind namespace name health message readyPods desiredPods updatedPods revision schedule lastStartedAt
    lastSucceededAt endedAt createdAt paused application
    owner { kind name }
    containers { name image }
    incident { number }
  }
`);
export const WorkloadStream = graphql(`
  subscription WorkloadStream($filter: WorkloadFilter) {
    workloadChanges(filter: $filter) {
      ... on WorkloadSnapshot { items { ...WorkloadRow } freshness { observedAt stale } }
      ... on WorkloadUpsert { object { ...WorkloadRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type WorkloadRow = WorkloadRowFragment;

/** All workloads. */
export const workloadFeed: Feed<WorkloadRow> = feedOf(WorkloadStream, {}, (data) => data.workloadChanges);
