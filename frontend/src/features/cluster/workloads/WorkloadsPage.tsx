import { useMemo } from 'react';
import { useI18n } from '~/locales';
import { MachineName } from '~/ui/Mono';
import { type WorkloadRow, workloadFeed } from '../feeds/workloads';
import { groupOf, healthParts, worstFirst } from '../health';
import { WorkloadLink } from '../links';
import { Ready, State } from '../list/cells';
import { ageColumn, clusterChoice, namespaceChoice, namespaceColumn } from '../list/columns';
import { ListPage } from '../list/ListPage';
import type { List } from '../list/list';
import { text } from '../list/order';
import type { ListSearch } from '../list/search';
import { workloadWord } from './word';

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

export const WorkloadsPage = (props: Props) => <ListPage list={useWorkloadList()} {...props} />;

const KINDS = ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'];

function useWorkloadList(): List<WorkloadRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    return {
      feed: workloadFeed,
      sources: KINDS,
      words: t.lists.workloads,
      texts: (row) => [row.name, ...row.containers.map(({ image }) => image)],
      parts: healthParts(c, c.well),
      choices: [
        clusterChoice(c),
        namespaceChoice(c),
        { key: 'kind', label: c.kind, all: c.allKinds, of: (row) => row.kind },
      ],
      columns: [
        namespaceColumn(c),
        {
          key: 'name',
          head: c.columns.name,
          slot: 'name',
          width: 'minmax(0, 1.5fr)',
          narrow: 'minmax(0, 1fr)',
          order: (a, b) => text(a.name, b.name),
          cell: (row) => (
            <WorkloadLink workload={row}>
              {/* The whole name is its own: nothing of it is a random ending. */}
              <MachineName name={row.name} owner={row.name} />
            </WorkloadLink>
          ),
        },
        {
          key: 'kind',
          head: c.kind,
          slot: 'more',
          width: '6.5rem',
          order: (a, b) => text(a.kind, b.kind),
          cell: (row) => row.kind,
        },
        {
          key: 'status',
          head: c.columns.status,
          slot: 'status',
          width: 'minmax(11rem, 0.7fr)',
          first: c.worstFirst,
          cell: (row, justNow) => (
            <State of={row} word={workloadWord(row, t)} why={row.message ?? null} justNow={justNow} />
          ),
        },
        {
          key: 'ready',
          head: c.columns.ready,
          slot: 'short',
          width: '3.5rem',
          cell: (row) =>
            row.desiredPods == null ? null : (
              <Ready ready={row.readyPods} of={row.desiredPods} over={row.health === 'DONE'} />
            ),
        },
        ageColumn(c),
        {
          key: 'images',
          head: c.columns.images,
          slot: 'wide',
          width: 'minmax(8rem, 1.3fr)',
          cell: (row) => <Images of={row} />,
        },
      ],
      order: worstFirst,
      groupOf: (row) => groupOf(row.health),
    };
  }, [t]);
}

function Images({ of }: { of: WorkloadRow }) {
  // What runs, without where it comes from: that is on its page.
  const short = of.containers.map(({ image }) => image.split('/').at(-1)).join(', ');
  return <span title={of.containers.map(({ image }) => image).join('\n')}>{short}</span>;
}
