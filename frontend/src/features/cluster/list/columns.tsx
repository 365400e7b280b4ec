import type { Messages } from '~/locales/en';
import { Time } from '~/ui/Time';
import { byName } from '../health';
import type { Choice, Column } from './list';
import { text } from './order';

type Named = { namespace: string; name: string; health: Parameters<typeof byName>[0]['health'] };

/** Columns and choices that several lists have. */
export const namespaceColumn = <T extends Named>(c: Messages['cluster']): Column<T> => ({
  key: 'namespace',
  head: c.columns.namespace,
  slot: 'place',
  width: 'minmax(6.5rem, 0.5fr)',
  narrow: 'minmax(5rem, 8rem)',
  order: byName,
  cell: (row) => row.namespace,
});

export const ageColumn = <T extends { createdAt: string }>(c: Messages['cluster']): Column<T> => ({
  key: 'age',
  head: c.columns.age,
  slot: 'age',
  width: '3rem',
  order: (a, b) => text(b.createdAt, a.createdAt),
  cell: (row) => <Time at={row.createdAt} kind="age" />,
});

export const clusterChoice = <T extends { cluster: string }>(c: Messages['cluster']): Choice<T> => ({
  key: 'cluster',
  label: c.cluster,
  all: c.allClusters,
  of: (row) => row.cluster,
});

export const namespaceChoice = <T extends { namespace?: string | null }>(c: Messages['cluster']): Choice<T> => ({
  key: 'ns',
  label: c.namespace,
  all: c.allNamespaces,
  of: (row) => row.namespace,
});
