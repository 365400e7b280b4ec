import { graphql } from '~/gql';
import type { ApplicationRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment ApplicationRow on Application {
    id cluster namespace name health healthStatus syncStatus message revision targetRevision repository path
    destinationNamespace createdAt
    lastSync { phase message finishedAt }
    conditions { kind message since }
    incident { number }
  }
`);
export const ApplicationStream = graphql(`
  subscription ApplicationStream($filter: ApplicationFilter) {
    applicationChanges(filter: $filter) {
      ... on ApplicationSnapshot { items { ...ApplicationRow } freshness { observedAt stale } }
      ... on ApplicationUpsert { object { ...ApplicationRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type ApplicationRow = ApplicationRowFragment;

/** All Argo CD applications. */
export const applicationFeed: Feed<ApplicationRow> = feedOf(ApplicationStream, {}, (data) => data.applicationChanges);
