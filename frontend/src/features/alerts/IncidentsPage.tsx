import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type IncidentRow, openIncidents, useIncidentFeed } from '~/features/cluster/feeds/incidents';
import { graphql } from '~/gql';
import type { IncidentState } from '~/gql/graphql';
import { execute } from '~/lib/graphql';
import { useFeed } from '~/lib/liveStore';
import { useI18n, useServerLocale } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Segmented } from '~/ui/Segmented';
import { Failed, Say, Skeleton } from '~/ui/states';
import { IncidentLine } from './IncidentLine';
import css from './IncidentsPage.module.css';

const IncidentsQuery = graphql(`
  query Incidents($state: IncidentState, $locale: Locale!, $after: String) {
    incidents(filter: { state: $state }, first: 20, after: $after) {
      nodes { ...IncidentRow }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

type Shown = IncidentState | 'ALL';

export function IncidentsPage({ state, onState }: { state: Shown; onState(state: Shown): void }) {
  const { t } = useI18n();
  const i = t.incidents;
  const feed = useIncidentFeed();
  useFeed(feed);
  const open = openIncidents(feed);
  return (
    <>
      <PageHead title={i.title} acts={<LinkButton to="/known">{i.known}</LinkButton>}>
        {feed.phase === 'ready' && (open.length ? i.lead(open.length) : i.leadQuiet)}
      </PageHead>
      <div className={css.bar}>
        <Segmented
          label={i.filterLabel}
          value={state}
          onPick={onState}
          segments={[
            { value: 'OPEN', label: i.state.OPEN, count: feed.phase === 'ready' ? open.length : undefined },
            { value: 'RECOVERED', label: i.state.RECOVERED },
            { value: 'REMOVED', label: i.state.REMOVED },
            { value: 'ALL', label: i.filterAll },
          ]}
        />
      </div>
      <div className={css.wide}>{state === 'OPEN' ? <Open /> : <Past state={state} />}</div>
    </>
  );
}

function Open() {
  const { t } = useI18n();
  const feed = useIncidentFeed();
  const open = openIncidents(feed);
  if (feed.phase === 'loading') return <Skeleton rows={5} tall />;
  if (feed.phase === 'failed') return <Failed what={t.incidents.failed} error={feed.error} onRetry={feed.retry} />;
  if (!open.length) return <Say title={t.incidents.quietTitle}>{t.incidents.quiet}</Say>;
  return <Lines incidents={open} />;
}

function Past({ state }: { state: Shown }) {
  const { t } = useI18n();
  const locale = useServerLocale();
  const client = useQueryClient();
  const version = useFeed(useIncidentFeed());
  // What opens or closes belongs here too: ask again when the live list says that something did.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is the news
  useEffect(() => {
    client.invalidateQueries({ queryKey: ['incidents'] });
  }, [version, client]);
  const query = useInfiniteQuery({
    queryKey: ['incidents', state, locale],
    queryFn: ({ pageParam }) =>
      execute(IncidentsQuery, { state: state === 'ALL' ? null : state, locale, after: pageParam ?? null }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ incidents: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  const incidents = query.data?.pages.flatMap((page) => page.incidents.nodes);
  if (!incidents)
    return query.isError ? (
      <Failed what={t.incidents.failed} error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Skeleton rows={5} tall />
    );
  if (!incidents.length)
    return state === 'ALL' ? (
      <Say title={t.incidents.emptyTitle}>{t.incidents.empty}</Say>
    ) : (
      <Say title={t.incidents.noneTitle}>{t.incidents.none}</Say>
    );
  return (
    <>
      <Lines incidents={incidents} />
      {query.hasNextPage && (
        <Button onClick={() => query.fetchNextPage()} busy={query.isFetchingNextPage} className={css.more ?? ''}>
          {t.app.more}
        </Button>
      )}
    </>
  );
}

const Lines = ({ incidents }: { incidents: IncidentRow[] }) => (
  <ul className={css.list}>
    {incidents.map((incident) => (
      <IncidentLine key={incident.id} incident={incident} />
    ))}
  </ul>
);
