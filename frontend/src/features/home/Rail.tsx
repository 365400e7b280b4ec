import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Affected, hitPods, incidentTone } from '~/features/alerts/IncidentLine';
import { useViewer } from '~/features/auth/session';
import { newestPosts, paths } from '~/features/boards/post';
import { useRead } from '~/features/boards/read';
import type { IncidentRow } from '~/features/cluster/feeds/incidents';
import type { BoardKind } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { ToneMark } from '~/ui/Status';
import { Failed, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './Rail.module.css';

export function Rail({ open }: { open: IncidentRow[] }) {
  const { t } = useI18n();
  const { isAdmin } = useViewer();
  const h = t.home;
  return (
    <div className={css.rail}>
      {open.length > 0 && (
        <Part className={css.incidentsPart} title={h.openNow} link={<Link to="/incidents">{h.allIncidents}</Link>}>
          <ul className={css.incidents}>
            {open.slice(0, 5).map((incident) => (
              <Incident key={incident.id} incident={incident} />
            ))}
          </ul>
        </Part>
      )}
      <Part title={h.notices} link={<Link to="/notices">{h.allNotices}</Link>}>
        <Posts kind="NOTICE" none={h.noNotices} />
      </Part>
      <Part title={isAdmin ? h.requests : h.yourRequests} link={<Link to="/requests">{h.allRequests}</Link>}>
        <Posts kind="REQUEST" none={h.noRequests} />
      </Part>
    </div>
  );
}

type PartProps = { title: string; link: ReactNode; children: ReactNode; className?: string | undefined };

const Part = ({ title, link, children, className }: PartProps) => (
  <section className={className}>
    <div className={css.head}>
      <h2>{title}</h2>
      {link}
    </div>
    {children}
  </section>
);

function Incident({ incident }: { incident: IncidentRow }) {
  const { t } = useI18n();
  return (
    <li>
      <ToneMark tone={incidentTone(incident)} />
      <div>
        <Link to="/incidents/$number" params={{ number: String(incident.number) }}>
          <VisuallyHidden>{t.incidents.severity[incident.severity]}: </VisuallyHidden>
          {incident.title}
        </Link>
        <p>
          <Time at={incident.openedAt} kind="duration" />
          {hitPods(incident).length > 0 && ' · '}
          <Affected incident={incident} />
        </p>
      </div>
    </li>
  );
}

function Posts({ kind, none }: { kind: BoardKind; none: string }) {
  const { t } = useI18n();
  const viewer = useViewer();
  const isRead = useRead(viewer.id);
  const { data, error, refetch } = useQuery({ ...newestPosts(kind, 3), refetchInterval: 60_000 });
  if (!data) return error ? <Failed what={t.boards.failed} error={error} onRetry={refetch} /> : <Skeleton rows={3} />;
  const posts = data.board.posts.nodes;
  if (!posts.length) return <p className={css.none}>{none}</p>;
  return (
    <ul className={css.talk}>
      {posts.map((post) => {
        const unread = !isRead(post.id) && post.author?.id !== viewer.id;
        return (
          <li key={post.id} className={unread ? css.unread : undefined}>
            <Link to={`${paths[kind]}/$id`} params={{ id: post.id }}>
              {unread && <VisuallyHidden>{t.home.unread}</VisuallyHidden>}
              {post.title}
            </Link>
            <p>
              {post.author?.displayName ?? t.boards.someone} · <Time at={post.createdAt} kind="when" />
              {post.commentCount > 0 && ` · ${t.home.comments(post.commentCount)}`}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
