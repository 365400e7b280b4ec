import { graphql } from '~/gql';
import type { IncidentRowFragment } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useServerLocale } from '~/locales';

graphql(`
  fragment IncidentRow on Incident {
    id cluster number state severity class namespace container affected total openedAt closedAt updatedAt
    owner { kind name }
    title(locale: $locale)
  }
`);
const IncidentStream = graphql(`
  subscription IncidentStream($locale: Locale!) {
    incidentChanges {
      ... on IncidentSnapshot { items { ...IncidentRow } }
      ... on IncidentUpsert { object { ...IncidentRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type IncidentRow = IncidentRowFragment;

/** The open incidents, and those that closed since the page was opened. Their titles come in the reader's language. */
const make = (locale: 'EN' | 'KO'): Feed<IncidentRow> =>
  feedOf(IncidentStream, { locale }, (data) => data.incidentChanges);
const feeds = { EN: make('EN'), KO: make('KO') };

export const useIncidentFeed = () => feeds[useServerLocale()];

const weight = { CRITICAL: 0, WARNING: 1 };
/** Worst first, then the newest. */
export const openIncidents = (feed: Feed<IncidentRow>) =>
  [...feed.rows.values()]
    .filter((incident) => incident.state === 'OPEN')
    .sort((a, b) => weight[a.severity] - weight[b.severity] || Date.parse(b.openedAt) - Date.parse(a.openedAt));
