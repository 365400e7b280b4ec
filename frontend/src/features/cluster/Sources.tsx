import { useQuery } from '@tanstack/react-query';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Banner } from '~/ui/states';

const SourcesQuery = graphql(`
  query Sources { clusters { name reachable freshness { observedAt stale } sources { kind state since message } } }
`);

export function useClusters() {
  return useQuery({ queryKey: ['sources'], queryFn: () => execute(SourcesQuery), refetchInterval: 30_000 });
}

/** What Porthole may not or cannot see, with the server's own words: unknown is never shown as well. */
export function SourceNotes({ kinds }: { kinds?: string }) {
  const { t } = useI18n();
  const { data } = useClusters();
  const troubled = data?.clusters
    .flatMap((cluster) => cluster.sources)
    // That something is not installed matters only on its own page.
    .filter(({ state }) => state === 'FORBIDDEN' || state === 'STALE' || (kinds && state === 'NOT_INSTALLED'))
    .filter((source) => !kinds || source.kind.toLowerCase().includes(kinds));
  return troubled?.map((source) => (
    <Banner key={source.kind} tone={source.state === 'STALE' ? 'stale' : 'unknown'}>
      {t.cluster.sourceLine(source.kind, t.cluster.sourceState[source.state])} {source.message}
    </Banner>
  ));
}
