import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { graphql } from '~/gql';
import type { RightsQuery } from '~/gql/graphql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Crumbs, PageHead } from '~/ui/PageHead';
import { Status } from '~/ui/Status';
import { Failed, Skeleton } from '~/ui/states';
import css from './RightsPage.module.css';

const RightsDocument = graphql(`
  query Rights { clusters { name rights { verb group resource granted optional } } }
`);

/** What Porthole may do in each cluster, asked of the cluster itself. */
export function RightsPage() {
  const { t } = useI18n();
  const r = t.rights;
  const query = useQuery({ queryKey: ['rights'], queryFn: () => execute(RightsDocument), refetchInterval: 60_000 });
  const clusters = query.data?.clusters;
  const missing = clusters
    ?.flatMap(({ rights }) => rights)
    .filter(({ granted, optional }) => granted === false && !optional);
  return (
    <>
      <Crumbs label={t.incidents.where}>
        <Link to="/cluster">{t.overview.title}</Link>
        <span aria-hidden="true">/</span>
        <span>{r.title}</span>
      </Crumbs>
      <PageHead title={r.title}>{missing && (missing.length ? r.missing(missing.length) : r.complete)}</PageHead>
      <p className={css.lead}>{r.lead}</p>
      {query.isPending && <Skeleton rows={12} />}
      {query.isError && !clusters && <Failed what={r.failed} error={query.error} onRetry={() => query.refetch()} />}
      {clusters?.map((cluster) => (
        <Table key={cluster.name} cluster={cluster} alone={clusters.length === 1} />
      ))}
    </>
  );
}

type Cluster = RightsQuery['clusters'][number];

function Table({ cluster: { name, rights }, alone }: { cluster: Cluster; alone: boolean }) {
  const { t } = useI18n();
  const r = t.rights;
  const of = new Map<string, Cluster['rights']>();
  for (const right of rights) {
    const key = [right.resource, right.group].filter(Boolean).join('.');
    of.set(key, [...(of.get(key) ?? []), right]);
  }
  return (
    <section className={css.rights}>
      {!alone && <h2>{name}</h2>}
      <table>
        <caption className={css.caption}>{r.caption(name)}</caption>
        <thead>
          <tr>
            <th scope="col">{r.resource}</th>
            <th scope="col">{r.verbs}</th>
            <th scope="col">{r.without}</th>
          </tr>
        </thead>
        <tbody>
          {[...of].map(([resource, verbs]) => (
            <tr key={resource}>
              <th scope="row">
                <Mono>{resource}</Mono>
              </th>
              <td>
                {verbs.map((right) => (
                  <Granted key={right.verb} right={right} />
                ))}
              </td>
              <td>
                {verbs.some(({ granted }) => granted === false) &&
                  (verbs.every(({ optional }) => optional) ? r.fine : r.unseen)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Granted({ right: { verb, granted, optional } }: { right: Cluster['rights'][number] }) {
  const { t } = useI18n();
  const r = t.rights;
  if (granted == null) return <Status tone="unknown">{`${verb}: ${r.unknown}`}</Status>;
  if (granted) return <Status tone="ok">{verb}</Status>;
  return <Status tone={optional ? 'done' : 'warning'}>{`${verb}: ${r.notGranted}`}</Status>;
}
