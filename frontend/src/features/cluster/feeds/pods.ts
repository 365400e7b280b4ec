import { graphql } from '~/gql';
import type { PodDetailFragment, PodRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment PodRow on Pod {
    id cluster namespace name status health reason readyContainers totalContainers restarts lastRestartAt node createdAt
    owner { kind name }
    incident { number }
  }
`);
graphql(`
  fragment PodDetail on Pod {
    ...PodRow
    containers { name kind image state message ready restarts lastRun { endedAt exitCode reason message signal } }
  }
`);
/** With what is inside: for the page of one. */
export const PodDetailStream = graphql(`
  subscription PodDetailStream($filter: PodFilter) {
    podChanges(filter: $filter) {
      ... on PodSnapshot { items { ...PodDetail } freshness { observedAt stale } }
      ... on PodUpsert { object { ...PodDetail } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);
export const PodStream = graphql(`
  subscription PodStream($filter: PodFilter) {
    podChanges(filter: $filter) {
      ... on PodSnapshot { items { ...PodRow } freshness { observedAt stale } }
      ... on PodUpsert { object { ...PodRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type PodRow = PodRowFragment;
export type PodDetail = PodDetailFragment;

/** All pods, shared by the pages that show some of them; filters work on the rows that are here. */
export const podFeed: Feed<PodRow> = feedOf(PodStream, {}, (data) => data.podChanges);
