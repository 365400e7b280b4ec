import { useMemo } from 'react';
import { useI18n } from '~/locales';
import { MachineName } from '~/ui/Mono';
import { type PodRow, podFeed } from '../feeds/pods';
import { groupOf, healthParts, worstFirst } from '../health';
import { PodLink } from '../links';
import { Ready, Restarts, State } from '../list/cells';
import { ageColumn, clusterChoice, namespaceChoice, namespaceColumn } from '../list/columns';
import type { Column, List } from '../list/list';
import { text } from '../list/order';

/** How pods are listed; on pages of what they belong to without the columns that are the same for all. */
export function usePodList(): List<PodRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    const columns: Column<PodRow>[] = [
      namespaceColumn(c),
      {
        key: 'name',
        head: c.columns.name,
        slot: 'name',
        width: 'minmax(0, 2fr)',
        narrow: 'minmax(0, 1fr)',
        order: (a, b) => text(a.name, b.name),
        cell: (pod) => (
          <PodLink pod={pod}>
            <MachineName name={pod.name} owner={pod.owner?.name} />
          </PodLink>
        ),
      },
      {
        key: 'ready',
        head: c.columns.ready,
        slot: 'short',
        width: '2.75rem',
        narrow: '3rem',
        // A finished pod is meant to have none.
        cell: (pod) => <Ready ready={pod.readyContainers} of={pod.totalContainers} over={pod.health === 'DONE'} />,
      },
      {
        key: 'status',
        head: c.columns.status,
        slot: 'status',
        width: 'minmax(16.5rem, 1fr)',
        narrow: 'minmax(13rem, 16rem)',
        first: c.worstFirst,
        cell: (pod, justNow) => <State of={pod} word={pod.status} why={pod.reason ?? null} justNow={justNow} />,
      },
      {
        key: 'restarts',
        head: c.columns.restarts,
        slot: 'more',
        width: '6.25rem',
        narrow: '6.5rem',
        order: (a, b) => a.restarts - b.restarts,
        cell: (pod) => <Restarts times={pod.restarts} lastAt={pod.lastRestartAt} />,
      },
      ageColumn(c),
      { key: 'node', head: c.columns.node, slot: 'wide', width: 'minmax(5rem, 0.4fr)', cell: (pod) => pod.node },
    ];
    return {
      feed: podFeed,
      sources: ['pods'],
      words: t.lists.pods,
      texts: (pod) => [pod.name],
      parts: healthParts(c, c.running),
      choices: [
        clusterChoice(c),
        namespaceChoice(c),
        { key: 'node', label: c.node, all: c.allNodes, of: (pod) => pod.node },
      ],
      columns,
      order: worstFirst,
      groupOf: (pod) => groupOf(pod.health),
    };
  }, [t]);
}
