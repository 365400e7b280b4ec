import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Status } from '~/ui/Status';
import { Skeleton } from '~/ui/states';
import { applicationFeed } from '../feeds/applications';
import { nodeFeed } from '../feeds/nodes';
import { workloadFeed } from '../feeds/workloads';
import { groupOf, tones, worstFirst } from '../health';
import { ObjectLink } from '../links';
import { IncidentLink } from '../list/cells';
import { nodeWord } from '../nodes/word';
import { workloadWord } from '../workloads/word';
import css from './OverviewPage.module.css';

const MOST = 12;

/** Nodes, workloads and applications that are not well, each with its own words. */
export function NeedALook() {
  const { t } = useI18n();
  const o = t.overview;
  useFeed(nodeFeed);
  useFeed(workloadFeed);
  useFeed(applicationFeed);
  const rows = [
    ...[...nodeFeed.rows.values()].map((node) => ({
      ...node,
      kind: 'Node',
      namespace: '',
      word: nodeWord(node, t.nodes),
      why: node.conditions[0]?.message,
    })),
    ...[...workloadFeed.rows.values()].map((row) => ({ ...row, word: workloadWord(row, t), why: row.message })),
    ...[...applicationFeed.rows.values()].map((app) => ({
      ...app,
      kind: 'Application',
      word: app.healthStatus,
      why: app.message ?? app.conditions[0]?.message,
    })),
  ]
    .filter(({ health }) => groupOf(health) === 'look')
    .sort(worstFirst);
  // A feed that is not allowed says so among the sources; it must not keep the others waiting.
  const loading = [nodeFeed, workloadFeed].some(({ phase }) => phase === 'loading');
  return (
    <section>
      <h2>{o.needLook}</h2>
      {loading && <Skeleton rows={3} tall />}
      {!loading && !rows.length && <p className={css.none}>{o.nothing}</p>}
      <ul className={css.looks}>
        {rows.slice(0, MOST).map(({ id, kind, name, namespace, cluster, health, incident, word, why }) => (
          <li key={id}>
            <Status tone={tones[health]}>{word}</Status>
            <div>
              <ObjectLink cluster={cluster} namespace={namespace} object={{ kind, name }} />
              {namespace && <span>{namespace}</span>}
              <IncidentLink incident={incident} />
              {why && <q>{why}</q>}
            </div>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p className={css.none}>{t.home.podsMore(rows.length - MOST)}</p>}
    </section>
  );
}
