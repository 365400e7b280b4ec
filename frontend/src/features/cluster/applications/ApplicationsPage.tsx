import { useMemo } from 'react';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Say } from '~/ui/states';
import { Time } from '~/ui/Time';
import { type ApplicationRow, applicationFeed } from '../feeds/applications';
import { groupOf, healthParts, worstFirst } from '../health';
import { State } from '../list/cells';
import { clusterChoice } from '../list/columns';
import { ListPage } from '../list/ListPage';
import type { List } from '../list/list';
import { text } from '../list/order';
import type { ListSearch } from '../list/search';
import { useClusters } from '../Sources';
import css from './ApplicationsPage.module.css';

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

export function ApplicationsPage(props: Props) {
  const { t } = useI18n();
  const { data } = useClusters();
  const states = data?.clusters.map(({ sources }) => sources.find(({ kind }) => kind === 'applications')?.state);
  const missing = states?.every((state) => state === 'NOT_INSTALLED');
  const l = t.lists.applications;
  return (
    <ListPage
      list={useApplicationList()}
      {...props}
      none={missing ? <Say title={l.notInstalled}>{l.notInstalledWhy}</Say> : undefined}
    />
  );
}

function useApplicationList(): List<ApplicationRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    const a = t.applications;
    return {
      feed: applicationFeed,
      sources: ['applications'],
      words: t.lists.applications,
      texts: (app) => [app.name, app.repository, app.path, app.revision, app.destinationNamespace],
      parts: healthParts(c, a.healthy),
      choices: [
        clusterChoice(c),
        { key: 'ns', label: a.into, all: c.allNamespaces, of: (app) => app.destinationNamespace },
      ],
      columns: [
        {
          key: 'name',
          head: c.columns.name,
          slot: 'name',
          width: 'minmax(8rem, 0.7fr)',
          order: (x, y) => text(x.name, y.name),
          cell: (app) => <b>{app.name}</b>,
        },
        {
          key: 'status',
          head: c.columns.status,
          slot: 'status',
          width: 'minmax(11rem, 0.7fr)',
          narrow: '11rem',
          first: c.worstFirst,
          cell: (app, justNow) => (
            <State of={app} word={app.healthStatus} why={app.message ?? null} justNow={justNow} />
          ),
        },
        {
          key: 'sync',
          head: a.sync,
          slot: 'short',
          width: '7rem',
          narrow: '6rem',
          order: (x, y) => text(x.syncStatus, y.syncStatus),
          cell: (app) => (app.syncStatus === 'Synced' ? app.syncStatus : <b>{app.syncStatus}</b>),
        },
        { key: 'told', head: a.lastSync, slot: 'text', width: 'minmax(0, 2fr)', cell: (app) => <Told app={app} /> },
        {
          key: 'synced',
          head: a.syncedAt,
          slot: 'age',
          width: '5.5rem',
          order: (x, y) => text(y.lastSync?.finishedAt ?? '', x.lastSync?.finishedAt ?? ''),
          cell: (app) => app.lastSync?.finishedAt && <Time at={app.lastSync.finishedAt} kind="age" />,
        },
        {
          key: 'source',
          head: a.source,
          slot: 'wide',
          width: 'minmax(9rem, 1fr)',
          cell: (app) => (
            <span title={app.repository ?? undefined}>
              {[app.path, app.targetRevision].filter(Boolean).join(' · ')}
            </span>
          ),
        },
      ],
      order: worstFirst,
      groupOf: (app) => groupOf(app.health),
      tall: true,
    };
  }, [t]);
}

/** What Argo CD says: what is wrong word for word, else the commit that runs. */
function Told({ app }: { app: ApplicationRow }) {
  const { t } = useI18n();
  const failed = app.lastSync && !['Succeeded', 'Running'].includes(app.lastSync.phase);
  const faults = [
    ...app.conditions.map(({ kind, message }) => `${kind}: ${message}`),
    ...(failed ? [`${app.lastSync?.phase}: ${app.lastSync?.message}`] : []),
    ...(app.message ? [app.message] : []),
  ];
  return (
    <div className={css.told}>
      {faults.map((fault) => (
        <q key={fault}>{fault}</q>
      ))}
      {app.revision && (
        <span>
          {t.applications.runs} <Mono>{app.revision.slice(0, 8)}</Mono>
        </span>
      )}
    </div>
  );
}
