import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Health } from '~/gql/graphql';
import { type Feed, useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { MachineName } from '~/ui/Mono';
import { Crumbs, PageHead, useTitle } from '~/ui/PageHead';
import { Status } from '~/ui/Status';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { FreshnessBanner } from '../Freshness';
import { tones } from '../health';
import { IncidentLink } from '../list/cells';
import css from './Detail.module.css';
import { useLast } from './useLast';

type Thing = {
  id: string;
  cluster: string;
  name: string;
  namespace?: string;
  health: Health;
  incident?: { number: number } | null;
};

type Props<T extends Thing> = {
  feed: Feed<T>;
  /** Which of the feed's rows it is: a feed is narrowed by parts of names. */
  is(row: T): boolean;
  /** The list it is one of. */
  list: { to: NonNullable<LinkProps['to']>; title: string };
  name: string;
  word(row: T): string;
  /** What is wrong with it, word for word. */
  message?(row: T): string | null | undefined;
  owner?(row: T): string | undefined;
  children(row: T): ReactNode;
};

/** The page of one live thing. When it goes away, what was last known stays, and says so. */
export function Detail<T extends Thing>({ feed, is, list, name, word, message, owner, children }: Props<T>) {
  const { t } = useI18n();
  const d = t.detail;
  useTitle(name);
  useFeed(feed);
  const now = [...feed.rows.values()].find(is);
  const row = useLast(now);
  if (feed.phase === 'failed') return <Failed what={d.failed(name)} error={feed.error} onRetry={feed.retry} />;
  if (!row && feed.phase === 'loading') return <Skeleton rows={6} tall />;
  if (!row)
    return (
      <>
        <PageHead title={name} />
        <Say title={d.gone(name)} act={<LinkButton to={list.to}>{list.title}</LinkButton>}>
          {d.goneWhy}
        </Say>
      </>
    );
  const why = message?.(row);
  return (
    <>
      <Crumbs label={t.incidents.where}>
        <Link to={list.to}>{list.title}</Link>
        {row.namespace && (
          <>
            <span aria-hidden="true">/</span>
            <Link to={list.to} search={{ ns: row.namespace }}>
              {row.namespace}
            </Link>
          </>
        )}
        <span aria-hidden="true">/</span>
        <span>{name}</span>
      </Crumbs>
      <FreshnessBanner store={feed} />
      {!now && feed.phase === 'ready' && <Banner tone="done">{d.wentAway}</Banner>}
      <header className={css.head}>
        <div className={css.tags}>
          <Status tone={tones[row.health]} pill>
            {word(row)}
          </Status>
          <IncidentLink incident={row.incident} />
        </div>
        <h1>
          <MachineName name={row.name} owner={owner ? owner(row) : row.name} />
        </h1>
        {why && <q className={css.why}>{why}</q>}
      </header>
      {children(row)}
    </>
  );
}

/** What there is to know of it, side by side; what is not there is left out. */
export function Facts({ of }: { of: (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {of.map(
        ([label, value]) =>
          value != null &&
          value !== '' && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
