import { useMemo } from 'react';
import { useI18n } from '~/locales';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { type EventRow, eventFeed } from '../feeds/events';
import { ObjectLink } from '../links';
import { JustNow, Plain } from '../list/cells';
import { clusterChoice, namespaceChoice } from '../list/columns';
import type { List } from '../list/list';
import { text } from '../list/order';

/** How events are listed, the newest first. */
export function useEventList(): List<EventRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    const e = t.events;
    return {
      feed: eventFeed,
      sources: ['events'],
      words: t.lists.events,
      texts: (event) => [event.reason, event.message, event.object.name, event.object.kind],
      parts: [{ value: 'look', label: e.warnings, holds: ({ warning }) => warning, tone: () => 'warning' }],
      choices: [
        clusterChoice(c),
        namespaceChoice(c),
        { key: 'kind', label: c.kind, all: c.allKinds, of: (event) => event.object.kind },
      ],
      columns: [
        {
          key: 'age',
          head: e.seen,
          slot: 'age',
          width: '3.5rem',
          cell: (event) => <Time at={event.lastSeenAt} kind="age" />,
        },
        {
          key: 'reason',
          head: e.reason,
          slot: 'status',
          width: 'minmax(10.5rem, 0.4fr)',
          first: e.newestFirst,
          cell: (event, justNow) => (
            <>
              {event.warning ? <Status tone="warning">{event.reason}</Status> : <Plain>{event.reason}</Plain>}
              <JustNow is={justNow} />
            </>
          ),
        },
        {
          key: 'object',
          head: e.object,
          slot: 'name',
          width: 'minmax(13rem, 1fr)',
          narrow: 'minmax(9rem, 1fr)',
          order: (a, b) => text(a.object.kind, b.object.kind) || text(a.object.name, b.object.name),
          cell: (event) => <ObjectLink {...event} />,
        },
        {
          key: 'message',
          head: e.message,
          slot: 'text',
          width: 'minmax(0, 2fr)',
          narrow: 'minmax(0, 1.6fr)',
          cell: (event) => event.message,
        },
        {
          key: 'namespace',
          head: c.columns.namespace,
          slot: 'place',
          width: '6.5rem',
          cell: (event) => event.namespace,
        },
        {
          key: 'count',
          head: e.count,
          slot: 'wide',
          width: '3rem',
          order: (a, b) => a.count - b.count,
          cell: (event) => (event.count > 1 ? e.times(event.count) : null),
        },
      ],
      order: (a, b) => text(b.lastSeenAt, a.lastSeenAt) || text(a.id, b.id),
      tall: true,
    };
  }, [t]);
}
