import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useRight } from '~/features/auth/session';
import { useIncidentFeed } from '~/features/cluster/feeds/incidents';
import { subscribe } from '~/lib/live';
import { useFeed, useRow } from '~/lib/liveStore';
import { useI18n, useServerLocale } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { CopyButton } from '~/ui/copy';
import { Crumbs, useTitle } from '~/ui/PageHead';
import { Status } from '~/ui/Status';
import { Failed, Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { ChangeBefore, Recognised } from './Before';
import { Deliveries } from './Deliveries';
import { Affected, incidentTone } from './IncidentLine';
import css from './IncidentPage.module.css';
import { DeliveryStream, type Incident, incidentQuery } from './incident';
import { Course, Where } from './SideStory';
import { storyAsText } from './storyText';
import { Evidence, Remedy } from './Tale';

/** Tells one incident as a story, and goes on telling while it happens. */
export function IncidentPage({ number }: { number: number }) {
  const { t } = useI18n();
  const locale = useServerLocale();
  const query = useQuery(incidentQuery(number, locale));
  const incident = query.data?.incident;
  useNews(number, incident?.id);
  if (query.isError && !query.data)
    return <Failed what={t.incidents.storyFailed} error={query.error} onRetry={() => query.refetch()} />;
  if (incident === undefined) return <Skeleton rows={6} tall />;
  if (!incident)
    return (
      <Say title={t.incidents.gone} act={<LinkButton to="/incidents">{t.home.allIncidents}</LinkButton>}>
        {t.incidents.goneWhy}
      </Say>
    );
  return <Story incident={incident} />;
}

/** Loads the story again when the incident or one of its messages changes. */
function useNews(number: number, id: string | undefined) {
  const client = useQueryClient();
  const managesChannels = useRight('CHANNELS_MANAGE');
  const feed = useIncidentFeed();
  useFeed(feed);
  const { row } = useRow(feed, id ?? '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is the news
  useEffect(() => {
    if (id) client.invalidateQueries({ queryKey: ['incident', number] });
  }, [row, id, number, client]);
  useEffect(() => {
    if (!managesChannels) return;
    return subscribe(
      DeliveryStream,
      {},
      {
        next: ({ deliveryChanges: change }) => {
          if ('object' in change && change.object.incident?.number === number)
            client.invalidateQueries({ queryKey: ['incident', number] });
        },
        error() {},
      },
    );
  }, [number, managesChannels, client]);
}

function Story({ incident }: { incident: Incident }) {
  const { t, locale } = useI18n();
  const i = t.incidents;
  const managesChannels = useRight('CHANNELS_MANAGE');
  useTitle(incident.title);
  const open = incident.state === 'OPEN';
  const state = open
    ? i.open(i.severity[incident.severity])
    : i.closed(i.state[incident.state], i.severityLower[incident.severity]);
  return (
    <>
      <Crumbs label={i.where}>
        <Link to="/incidents">{i.title}</Link>
        <span aria-hidden="true">/</span>
        <span>{i.number(incident.number)}</span>
      </Crumbs>
      <div className={css.story}>
        <div className={css.lede}>
          <div className={css.tags}>
            <Status tone={incidentTone(incident)} pill>
              {state}
            </Status>
            <span>
              {i.sinceBefore}
              <Time at={incident.openedAt} kind="moment" />
              {i.sinceAfter}
              {open && (
                <>
                  , <Time at={incident.openedAt} kind="duration" />
                </>
              )}
            </span>
            <Affected incident={incident} />
          </div>
          <h1>{incident.title}</h1>
          <div className={css.acts}>
            <CopyButton text={storyAsText(incident, t, locale)} label={i.copyStory} />
          </div>
        </div>
        <aside className={css.side}>
          <Course incident={incident} />
          <Where incident={incident} />
        </aside>
        <div className={css.tale}>
          <section className={css.first}>
            <h2>{i.cause}</h2>
            <p>{incident.cause}</p>
            <Recognised incident={incident} />
          </section>
          <Remedy steps={incident.remedy} />
          <ChangeBefore incident={incident} />
          <Evidence evidence={incident.evidence} />
          {/* The server tells only admins who was told. */}
          {managesChannels && <Deliveries deliveries={incident.deliveries} />}
        </div>
      </div>
    </>
  );
}
