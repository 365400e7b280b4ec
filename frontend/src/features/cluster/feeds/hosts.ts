import { graphql } from '~/gql';
import type { HostRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';

graphql(`
  fragment HostRow on Host {
    id cluster name health problem sources checkedAt
    certificate { dnsNames fits issuer notBefore notAfter placeholder trusted }
    incident { number }
  }
`);
export const HostStream = graphql(`
  subscription HostStream($filter: HostFilter) {
    hostChanges(filter: $filter) {
      ... on HostSnapshot { items { ...HostRow } freshness { observedAt stale } }
      ... on HostUpsert { object { ...HostRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type HostRow = HostRowFragment;

/** All hosts whose certificates are looked at. */
export const hostFeed: Feed<HostRow> = feedOf(HostStream, {}, (data) => data.hostChanges);
