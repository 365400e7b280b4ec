import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Mono } from '~/ui/Mono';
import { clustersQuery } from './Sources';

/** Which cluster is said only where there are several. */
function useWhere(cluster: string) {
  const { data: several } = useQuery({ ...clustersQuery, select: ({ clusters }) => clusters.length > 1 });
  return several ? { cluster } : {};
}

type Place = { cluster: string; name: string };
type InNamespace = Place & { namespace: string };

export function PodLink({ pod, children }: { pod: InNamespace; children: ReactNode }) {
  const { namespace, name } = pod;
  return (
    <Link to="/pods/$namespace/$name" params={{ namespace, name }} search={useWhere(pod.cluster)}>
      {children}
    </Link>
  );
}

export function NodeLink({ node, children }: { node: Place; children?: ReactNode }) {
  return (
    <Link to="/nodes/$name" params={{ name: node.name }} search={useWhere(node.cluster)}>
      {children ?? node.name}
    </Link>
  );
}

type Workload = InNamespace & { kind: string };

export function WorkloadLink({ workload, children }: { workload: Workload; children: ReactNode }) {
  const { kind, namespace, name } = workload;
  return (
    <Link to="/workloads/$kind/$namespace/$name" params={{ kind, namespace, name }} search={useWhere(workload.cluster)}>
      {children}
    </Link>
  );
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

type Reference = { cluster: string; namespace?: string | null | undefined; object: { kind: string; name: string } };

/** Something by its kind and name: a link where there is a page of it. */
export function ObjectLink({ cluster, namespace, object: { kind, name } }: Reference) {
  const text = (
    <Mono>
      {kind}/{name}
    </Mono>
  );
  if (kind === 'Node') return <NodeLink node={{ cluster, name }}>{text}</NodeLink>;
  if (!namespace) return text;
  if (kind === 'Pod') return <PodLink pod={{ cluster, namespace, name }}>{text}</PodLink>;
  if (kind === 'Certificate')
    return (
      <Link to="/certificates" search={{ q: name }}>
        {text}
      </Link>
    );
  if (kind === 'Application')
    return (
      <Link to="/applications" search={{ q: name }}>
        {text}
      </Link>
    );
  return WORKLOADS.includes(kind) ? (
    <WorkloadLink workload={{ cluster, kind, namespace, name }}>{text}</WorkloadLink>
  ) : (
    text
  );
}
