import { Link } from '@tanstack/react-router';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { PageHead } from '~/ui/PageHead';
import { Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { FreshnessBanner } from '../Freshness';
import { nodeFeed } from '../feeds/nodes';
import { podFeed } from '../feeds/pods';
import { workloadFeed } from '../feeds/workloads';
import { groupOf } from '../health';
import { useClusters } from '../Sources';
import { Hints } from './Hints';
import { NeedALook } from './NeedALook';
import css from './OverviewPage.module.css';
import { PodBar } from './PodBar';
import { Seen } from './Seen';
import { EndingFirst, Warnings } from './Soon';

/** The whole at a glance: one sentence, then what needs a look, then what Porthole sees of it. */
export function OverviewPage() {
  const { t } = useI18n();
  const o = t.overview;
  const { data } = useClusters();
  useFeed(podFeed);
  useFeed(nodeFeed);
  useFeed(workloadFeed);
  if (!data) return <Skeleton rows={8} tall />;
  if (!data.clusters.length)
    return (
      <>
        <PageHead title={o.title} />
        <Say title={t.cluster.off}>{t.cluster.offWhy}</Say>
      </>
    );
  const nodes = [...nodeFeed.rows.values()];
  const look = [...nodes, ...workloadFeed.rows.values()].filter(({ health }) => groupOf(health) === 'look').length;
  const known = podFeed.phase === 'ready' && workloadFeed.phase === 'ready' && nodeFeed.phase === 'ready';
  const silent = data.clusters.filter(({ reachable, freshness }) => !reachable || freshness.stale);
  return (
    <>
      <PageHead title={o.title}>{known && !silent.length && (look ? o.look(look) : o.well)}</PageHead>
      <FreshnessBanner store={podFeed} />
      {data.clusters.map(({ name, version, freshness }) => (
        <section key={name} className={css.cluster} aria-label={name}>
          <h2>{name}</h2>
          <p className={css.facts}>
            <span>{version ? o.version(version) : o.noVersion}</span>
            {nodeFeed.phase === 'ready' && (
              <Link to="/nodes">
                {o.nodes(
                  nodes.filter((node) => node.cluster === name && node.ready).length,
                  nodes.filter((node) => node.cluster === name).length,
                )}
              </Link>
            )}
            {freshness.observedAt && (
              <span>
                {o.seen} <Time at={freshness.observedAt} kind="seconds" />
              </span>
            )}
          </p>
          <PodBar cluster={name} />
        </section>
      ))}
      <div className={css.parts}>
        <div>
          <NeedALook />
          <Hints />
          <Warnings />
        </div>
        <aside className={css.rail}>
          <EndingFirst />
          {data.clusters.map((cluster) => (
            <Seen key={cluster.name} cluster={cluster} alone={data.clusters.length === 1} />
          ))}
        </aside>
      </div>
    </>
  );
}
