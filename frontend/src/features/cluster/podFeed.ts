import { graphql } from '~/gql';
import type { PodRowFragment } from '~/gql/graphql';
import { subscribe } from '~/lib/live';
import { Feed } from '~/lib/liveStore';

graphql(`
  fragment PodRow on Pod {
    id namespace name status health reason readyContainers totalContainers restarts lastRestartAt node createdAt
    owner { name }
    incident { number }
  }
`);
const PodStream = graphql(`
  subscription PodStream {
    podChanges {
      ... on PodSnapshot { items { ...PodRow } freshness { observedAt stale } }
      ... on PodUpsert { object { ...PodRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type PodRow = PodRowFragment;

/** All pods, shared by the pages that show some of them; filters work on the rows that are here. */
export const podFeed = new Feed<PodRow>((feed) =>
  subscribe(
    PodStream,
    {},
    feed.sink((data) => data.podChanges),
  ),
);
