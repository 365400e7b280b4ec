import { useMemo } from 'react';
import type { PodFilter } from '~/gql/graphql';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { type PodRow, PodStream } from '../feeds/pods';
import { ListPart } from '../list/ListPart';
import type { List } from '../list/list';
import { usePodList } from '../pods/list';

type Props = {
  filter: PodFilter;
  /** A column that says the same of all. */
  without: 'namespace' | 'node';
  /** Only those whose names begin with this. */
  named?: string;
};

/** The pods of a workload or a node. */
export function PodsOf({ filter, without, named }: Props) {
  const { t } = useI18n();
  const all = usePodList();
  const key = JSON.stringify(filter);
  const list = useMemo<List<PodRow>>(() => {
    const feed: Feed<PodRow> = feedOf(PodStream, { filter: JSON.parse(key) }, (data) => data.podChanges);
    return { ...all, feed, columns: all.columns.filter((column) => column.key !== without) };
  }, [all, key, without]);
  return (
    <ListPart
      list={list}
      title={t.lists.pods.title}
      none={t.detail.noPods}
      {...(named ? { first: { q: named } } : {})}
    />
  );
}
