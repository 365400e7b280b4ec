import { Link } from '@tanstack/react-router';
import type { SourcesQuery } from '~/gql/graphql';
import { duration } from '~/lib/time';
import { useI18n } from '~/locales';
import { Status, type Tone } from '~/ui/Status';
import { Time } from '~/ui/Time';
import css from './OverviewPage.module.css';

type Cluster = SourcesQuery['clusters'][number];

const tone: Record<Cluster['sources'][number]['state'], Tone> = {
  LIVE: 'ok',
  CONNECTING: 'progress',
  STALE: 'stale',
  NOT_INSTALLED: 'done',
  FORBIDDEN: 'unknown',
};

/** What is watched of a cluster: troubles by name, the rest as a list to unfold. */
export function Seen({ cluster, alone }: { cluster: Cluster; alone: boolean }) {
  const { t, locale } = useI18n();
  const o = t.overview;
  const live = cluster.sources.filter(({ state }) => state === 'LIVE');
  const troubled = cluster.sources.filter(
    // What is not installed is no trouble, unless there is something to say about it.
    ({ state, message }) => state !== 'LIVE' && (state !== 'NOT_INSTALLED' || message),
  );
  const ahead = cluster.clockAhead ?? 0;
  const apart = duration(locale, Math.abs(ahead) * 1000);
  return (
    <section>
      <h2>{alone ? o.sees : o.seesOf(cluster.name)}</h2>
      {ahead !== 0 && <Status tone="unknown">{ahead > 0 ? o.clockAhead(apart) : o.clockBehind(apart)}</Status>}
      <Sources of={troubled} />
      <details className={css.sources}>
        <summary>{o.sources(live.length, cluster.sources.length)}</summary>
        <Sources of={cluster.sources.filter((source) => !troubled.includes(source))} />
      </details>
      <Link to="/cluster/rights">{o.rights}</Link>
    </section>
  );
}

function Sources({ of }: { of: Cluster['sources'] }) {
  const { t } = useI18n();
  return (
    <ul>
      {of.map(({ kind, state, since, message }) => (
        <li key={kind}>
          <Status tone={tone[state]}>
            {kind}: {t.cluster.sourceState[state]}
          </Status>
          {state === 'STALE' && (
            <>
              {' '}
              <Time at={since} kind="moment" />
            </>
          )}
          {message && <q>{message}</q>}
        </li>
      ))}
    </ul>
  );
}
