import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Remedy } from '~/features/alerts/Tale';
import { useI18n, useServerLocale } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { Crumbs, useTitle } from '~/ui/PageHead';
import { Failed, Say, Skeleton } from '~/ui/states';
import css from './KnownPage.module.css';
import { knownQuery } from './known';

/** One known incident: what one sees, why, and what to do. */
export function KnownStory({ slug }: { slug: string }) {
  const { t } = useI18n();
  const k = t.known;
  const query = useQuery(knownQuery(useServerLocale()));
  const known = query.data?.diagnoses.find((each) => each.slug === slug);
  useTitle(known?.title ?? k.title);
  if (query.isPending) return <Skeleton rows={6} tall />;
  if (query.isError) return <Failed what={k.failed} error={query.error} onRetry={() => query.refetch()} />;
  if (!known) return <Say title={k.gone} act={<LinkButton to="/known">{k.title}</LinkButton>} />;
  return (
    <>
      <Crumbs label={t.incidents.where}>
        <Link to="/known">{k.title}</Link>
        <span aria-hidden="true">/</span>
        <span>{k.number(known.number)}</span>
      </Crumbs>
      <article className={css.story}>
        <h1>{known.title}</h1>
        <section>
          <h2>{k.symptom}</h2>
          <q>{known.symptom}</q>
        </section>
        <section>
          <h2>{t.incidents.cause}</h2>
          <p>{known.cause}</p>
        </section>
        <Remedy steps={known.remedy} />
      </article>
    </>
  );
}
