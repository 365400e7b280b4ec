import { graphql } from '~/gql';
import type { CertificateRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { weigh } from '../health';

graphql(`
  fragment CertificateRow on Certificate {
    id namespace name dnsNames issuer notBefore notAfter renewalAt ready health message
    incident { number }
  }
`);
const CertificateStream = graphql(`
  subscription CertificateStream {
    certificateChanges {
      ... on CertificateSnapshot { items { ...CertificateRow } freshness { observedAt stale } }
      ... on CertificateUpsert { object { ...CertificateRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type CertificateRow = CertificateRowFragment;

export const certificateFeed: Feed<CertificateRow> = feedOf(CertificateStream, {}, (data) => data.certificateChanges);

const end = (certificate: CertificateRow) =>
  certificate.notAfter ? Date.parse(certificate.notAfter) : Number.POSITIVE_INFINITY;

/** Worst first, then the one that ends first. */
export const certificatesByNeed = () =>
  [...certificateFeed.rows.values()].sort(
    (a, b) => weigh(a.health) - weigh(b.health) || end(a) - end(b) || (a.name < b.name ? -1 : 1),
  );
