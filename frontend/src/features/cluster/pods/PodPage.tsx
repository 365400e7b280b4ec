import { useMemo } from 'react';
import { useRight } from '~/features/auth/session';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Time } from '~/ui/Time';
import { Detail, Facts } from '../detail/Detail';
import { EventsOf } from '../detail/EventsOf';
import { type PodDetail, PodDetailStream } from '../feeds/pods';
import { NodeLink, ObjectLink } from '../links';
import { Restarts } from '../list/cells';
import { Logs } from '../logs/Logs';
import { Containers } from './Containers';

type Props = { cluster?: string | undefined; namespace: string; name: string };

/** One pod: how it is, what is inside, what it writes, and what was said about it. */
export function PodPage({ cluster, namespace, name }: Props) {
  const { t } = useI18n();
  const readsLogs = useRight('LOGS_VIEW');
  const feed = useMemo<Feed<PodDetail>>(
    () =>
      feedOf(
        PodDetailStream,
        { filter: { cluster: cluster ?? null, namespace, text: name } },
        (data) => data.podChanges,
      ),
    [cluster, namespace, name],
  );
  const d = t.detail;
  return (
    <Detail
      feed={feed}
      is={(pod) => pod.name === name}
      list={{ to: '/pods', title: t.lists.pods.title }}
      name={name}
      word={({ status }) => status}
      message={({ reason }) => reason}
      owner={({ owner }) => owner?.name}
    >
      {(pod) => (
        <>
          <Facts
            of={[
              [d.belongsTo, pod.owner && pod.owner.kind !== 'Pod' && <ObjectLink {...pod} object={pod.owner} />],
              [t.cluster.node, pod.node && <NodeLink node={{ cluster: pod.cluster, name: pod.node }} />],
              [t.cluster.columns.ready, `${pod.readyContainers}/${pod.totalContainers}`],
              [t.cluster.columns.restarts, <Restarts key="restarts" times={pod.restarts} lastAt={pod.lastRestartAt} />],
              [t.cluster.columns.age, <Time key="age" at={pod.createdAt} kind="age" />],
            ]}
          />
          <Containers pod={pod} />
          {readsLogs ? <Logs key={pod.id} pod={pod} /> : <NoLogs />}
          <EventsOf cluster={pod.cluster} namespace={namespace} object={{ kind: 'Pod', name }} />
        </>
      )}
    </Detail>
  );
}

function NoLogs() {
  const { t } = useI18n();
  return <p>{t.logs.noRight}</p>;
}
