import { useMemo } from 'react';
import { bytes } from '~/lib/bytes';
import { useI18n } from '~/locales';
import { type NodeRow, nodeFeed } from '../feeds/nodes';
import { groupOf, healthParts, worstFirst } from '../health';
import { NodeLink } from '../links';
import { State } from '../list/cells';
import { ageColumn, clusterChoice } from '../list/columns';
import { ListPage } from '../list/ListPage';
import type { List } from '../list/list';
import { text } from '../list/order';
import type { ListSearch } from '../list/search';
import { nodeWord } from './word';

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

export const NodesPage = (props: Props) => <ListPage list={useNodeList()} {...props} />;

function useNodeList(): List<NodeRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    const n = t.nodes;
    return {
      feed: nodeFeed,
      sources: ['nodes'],
      words: t.lists.nodes,
      texts: (node) => [node.name, node.address, ...node.roles],
      parts: healthParts(c, c.well),
      choices: [clusterChoice(c)],
      columns: [
        {
          key: 'name',
          head: c.columns.name,
          slot: 'name',
          width: 'minmax(0, 1.4fr)',
          narrow: 'minmax(0, 1fr)',
          order: (a, b) => text(a.name, b.name),
          cell: (node) => (
            <NodeLink node={node}>
              <b>{node.name}</b>
            </NodeLink>
          ),
        },
        {
          key: 'status',
          head: c.columns.status,
          slot: 'status',
          width: 'minmax(11rem, 1fr)',
          first: c.worstFirst,
          cell: (node, justNow) => (
            <State of={node} word={nodeWord(node, n)} why={node.conditions[0]?.message ?? null} justNow={justNow} />
          ),
        },
        {
          key: 'roles',
          head: n.roles,
          slot: 'place',
          width: 'minmax(7rem, 0.8fr)',
          cell: (node) => node.roles.join(', ') || n.worker,
        },
        {
          key: 'pods',
          head: n.pods,
          slot: 'short',
          width: '5.5rem',
          order: (a, b) => a.podCount - b.podCount,
          cell: (node) => `${node.podCount}/${node.maxPods}`,
        },
        ageColumn(c),
        { key: 'version', head: n.version, slot: 'more', width: 'minmax(7rem, 0.7fr)', cell: (node) => node.version },
        {
          key: 'size',
          head: n.size,
          slot: 'wide',
          width: 'minmax(10rem, 1fr)',
          order: (a, b) => a.memoryBytes - b.memoryBytes,
          cell: (node) => n.sizeOf(node.cpu, bytes(node.memoryBytes)),
        },
      ],
      order: worstFirst,
      groupOf: (node) => groupOf(node.health),
    };
  }, [t]);
}
