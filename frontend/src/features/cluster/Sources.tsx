import { queryOptions, useQuery } from '@tanstack/react-query';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Banner } from '~/ui/states';

const SourcesQuery = graphql(`
  query Sources {
    clusters { name version reachable clockAhead freshness { observedAt stale } sources { kind state since message } }
  }
`);

export const clustersQuery = queryOptions({ queryKey: ['sources'], queryFn: () => execute(SourcesQuery) });

export const useClusters = () => useQuery({ ...clustersQuery, refetchInterval: 30_000 });

/** What Porthole may not or cannot see, with the server's own words: unknown is never shown as well. */
export function SourceNotes({ kinds }: { kinds?: readonly string[] }) {
  const { t } = useI18n();
  const { data } = useClusters();
  const troubled = data?.clusters
    .flatMap(({ name, sources }) => sources.map((source) => ({ cluster: name, ...source })))
    // That something is not installed matters only on its own page.
    .filter(({ state }) => state === 'FORBIDDEN' || state === 'STALE' || (kinds && state === 'NOT_INSTALLED'))
    .filter(({ kind }) => !kinds || kinds.includes(kind));
  const several = (data?.clusters.length ?? 0) > 1;
  return troubled?.map(({ cluster, kind, state, message }) => (
    <Banner key={`${cluster} ${kind}`} tone={state === 'STALE' ? 'stale' : 'unknown'}>
      {several && `${cluster}: `}
      {t.cluster.sourceLine(kind, t.cluster.sourceState[state])} {message}
    </Banner>
  ));
}
