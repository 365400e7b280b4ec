import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Time } from '~/ui/Time';
import { Detail, Facts } from '../detail/Detail';
import { EventsOf } from '../detail/EventsOf';
import { PodsOf } from '../detail/PodsOf';
import { type WorkloadRow, WorkloadStream } from '../feeds/workloads';
import { ObjectLink } from '../links';
import { Ready } from '../list/cells';
import { workloadWord } from './word';

type Props = { cluster?: string | undefined; kind: string; namespace: string; name: string };

/** A Deployment, a Job and so on: how far it is, its pods, and what was said about it. */
export function WorkloadPage({ cluster, kind, namespace, name }: Props) {
  const { t } = useI18n();
  const w = t.workloads;
  const feed = useMemo<Feed<WorkloadRow>>(
    () =>
      feedOf(
        WorkloadStream,
        { filter: { cluster: cluster ?? null, namespace, kinds: [kind], text: name } },
        (data) => data.workloadChanges,
      ),
    [cluster, kind, namespace, name],
  );
  return (
    <Detail
      feed={feed}
      is={(row) => row.name === name}
      list={{ to: '/workloads', title: t.lists.workloads.title }}
      name={name}
      word={(row) => workloadWord(row, t)}
      message={({ message }) => message}
    >
      {(row) => (
        <>
          <Facts
            of={[
              [t.cluster.kind, row.kind],
              [t.detail.belongsTo, row.owner && <ObjectLink {...row} object={row.owner} />],
              [w.application, row.application && <Application name={row.application} />],
              [
                t.cluster.columns.ready,
                row.desiredPods != null && (
                  <Ready ready={row.readyPods} of={row.desiredPods} over={row.health === 'DONE'} />
                ),
              ],
              [w.updated, row.kind !== 'Job' && row.desiredPods != null && `${row.updatedPods}/${row.desiredPods}`],
              [w.revision, row.revision],
              [w.schedule, row.schedule && <Mono>{row.schedule}</Mono>],
              [w.lastStarted, row.lastStartedAt && <Time at={row.lastStartedAt} kind="when" />],
              [w.lastSucceeded, row.lastSucceededAt && <Time at={row.lastSucceededAt} kind="when" />],
              [w.ended, row.endedAt && <Time at={row.endedAt} kind="when" />],
              [t.cluster.columns.age, <Time key="age" at={row.createdAt} kind="age" />],
              [t.cluster.columns.images, <Images key="images" of={row} />],
            ]}
          />
          <PodsOf
            // Pods are found by what stands at the root: a Job's by its CronJob, and then by its name.
            filter={{ cluster: row.cluster, namespace, owner: row.owner ?? { kind, name } }}
            without="namespace"
            {...(row.owner ? { named: `${name}-` } : {})}
          />
          <EventsOf cluster={row.cluster} namespace={namespace} object={{ kind, name }} />
        </>
      )}
    </Detail>
  );
}

const Application = ({ name }: { name: string }) => (
  <Link to="/applications" search={{ q: name }}>
    {name}
  </Link>
);

const Images = ({ of }: { of: WorkloadRow }) => (
  <ul>
    {of.containers.map(({ name, image }) => (
      <li key={name}>
        <Mono>{image}</Mono>
      </li>
    ))}
  </ul>
);
