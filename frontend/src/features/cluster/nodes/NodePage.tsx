import { useMemo } from 'react';
import { bytes } from '~/lib/bytes';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { Detail, Facts } from '../detail/Detail';
import { EventsOf } from '../detail/EventsOf';
import { PodsOf } from '../detail/PodsOf';
import { type NodeRow, NodeStream } from '../feeds/nodes';
import css from './NodePage.module.css';
import { nodeWord } from './word';

type Props = { cluster?: string | undefined; name: string };

/** A machine of a cluster: what it is, what is wrong with it, and what runs on it. */
export function NodePage({ cluster, name }: Props) {
  const { t } = useI18n();
  const n = t.nodes;
  const feed = useMemo<Feed<NodeRow>>(
    () => feedOf(NodeStream, { filter: { cluster: cluster ?? null, text: name } }, (data) => data.nodeChanges),
    [cluster, name],
  );
  return (
    <Detail
      feed={feed}
      is={(node) => node.name === name}
      list={{ to: '/nodes', title: t.lists.nodes.title }}
      name={name}
      word={(node) => nodeWord(node, n)}
    >
      {(node) => (
        <>
          {node.conditions.length > 0 && (
            <ul className={css.conditions}>
              {node.conditions.map(({ kind, reason, message, since }) => (
                <li key={kind}>
                  <Status tone={kind === 'NotReady' ? 'critical' : 'warning'}>{kind}</Status>
                  <span>
                    {n.since} <Time at={since} kind="moment" />
                  </span>
                  <q>{[reason, message].filter(Boolean).join(': ')}</q>
                </li>
              ))}
            </ul>
          )}
          <Facts
            of={[
              [n.roles, node.roles.join(', ') || n.worker],
              [n.scheduling, node.cordoned ? n.cordoned : n.takesPods],
              [n.pods, `${node.podCount}/${node.maxPods}`],
              [n.size, n.sizeOf(node.cpu, bytes(node.memoryBytes))],
              [n.address, node.address],
              [n.version, node.version],
              [n.system, `${node.osImage}, ${node.architecture}`],
              [t.cluster.columns.age, <Time key="age" at={node.createdAt} kind="age" />],
            ]}
          />
          <PodsOf filter={{ cluster: node.cluster, node: name }} without="node" />
          <EventsOf cluster={node.cluster} object={{ kind: 'Node', name }} />
        </>
      )}
    </Detail>
  );
}
