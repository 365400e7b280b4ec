import { graphql } from '~/gql';
import type { PageRowFragment } from '~/gql/graphql';
import { subscribe } from '~/lib/live';
import { Feed } from '~/lib/liveStore';
import { useServerLocale } from '~/locales';

graphql(`
  fragment PageRow on Page {
    id name url icon category description position health healthSince probed
    incidents { number severity title(locale: $locale) }
  }
`);
const PageStream = graphql(`
  subscription PageStream($locale: Locale!) {
    pageChanges {
      ... on PageSnapshot { items { ...PageRow } }
      ... on PageUpsert { object { ...PageRow } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at beat: freshness { observedAt stale } }
    }
  }
`);

export type PageRow = PageRowFragment;

/** The pages the viewer may open. */
const make = (locale: 'EN' | 'KO') =>
  new Feed<PageRow>((feed) =>
    subscribe(
      PageStream,
      { locale },
      feed.sink((data) => data.pageChanges),
    ),
  );
const feeds = { EN: make('EN'), KO: make('KO') };

export const usePageFeed = () => feeds[useServerLocale()];

const compare = (a: PageRow, b: PageRow) => a.position - b.position || a.name.localeCompare(b.name);

/** Pages under their headings, headings by name; those without one stand first. */
export function byCategory(pages: Iterable<PageRow>): [string, PageRow[]][] {
  const groups = new Map<string, PageRow[]>();
  for (const page of pages) groups.set(page.category, [...(groups.get(page.category) ?? []), page]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([category, rows]) => [category, rows.sort(compare)]);
}
