import { graphql } from '~/gql';
import type { NodeRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment NodeRow on ClusterNode {
    id cluster name roles version health ready cordoned cpu memoryBytes podCount maxPods address osImage architecture
    createdAt
    conditions { kind reason message since }
    incident { number }
  }
`);
export const NodeStream = graphql(`
  subscription NodeStream($filter: NodeFilter) {
    nodeChanges(filter: $filter) {
      ... on NodeSnapshot { items { ...NodeRow } freshness { observedAt stale } }
      ... on NodeUpsert { object { ...NodeRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type NodeRow = NodeRowFragment;

/** All nodes. */
export const nodeFeed: Feed<NodeRow> = feedOf(NodeStream, {}, (data) => data.nodeChanges);
