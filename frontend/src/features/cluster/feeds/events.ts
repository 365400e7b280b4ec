import { graphql } from '~/gql';
import type { EventRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment EventRow on Event {
    id cluster namespace warning reason message count firstSeenAt lastSeenAt reporter
    object { kind name }
  }
`);
export const EventStream = graphql(`
  subscription EventStream($filter: EventFilter) {
    eventChanges(filter: $filter) {
      ... on EventSnapshot { items { ...EventRow } freshness { observedAt stale } }
      ... on EventUpsert { object { ...EventRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type EventRow = EventRowFragment;

/** What the clusters told of late. */
export const eventFeed: Feed<EventRow> = feedOf(EventStream, {}, (data) => data.eventChanges);
