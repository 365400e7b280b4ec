import { useMemo } from 'react';
import { feedOf } from '~/lib/feed';
import type { Feed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { useEventList } from '../events/list';
import { type EventRow, EventStream } from '../feeds/events';
import { ListPart } from '../list/ListPart';
import type { List } from '../list/list';

type Props = { cluster: string; namespace?: string; object: { kind: string; name: string } };

/** What Kubernetes said of late about one object. */
export function EventsOf({ cluster, namespace, object: { kind, name } }: Props) {
  const { t } = useI18n();
  const all = useEventList();
  const list = useMemo<List<EventRow>>(() => {
    const filter = { cluster, namespace: namespace ?? null, object: { kind, name } };
    const feed: Feed<EventRow> = feedOf(EventStream, { filter }, (data) => data.eventChanges);
    return { ...all, feed, columns: all.columns.filter(({ key }) => key !== 'object' && key !== 'namespace') };
  }, [all, cluster, namespace, kind, name]);
  return <ListPart list={list} title={t.lists.events.title} none={t.events.noneOf} />;
}
