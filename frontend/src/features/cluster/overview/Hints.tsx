import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n, useServerLocale } from '~/locales';
import { Mono } from '~/ui/Mono';
import css from './OverviewPage.module.css';

const HintsQuery = graphql(`
  query Hints($locale: Locale!) {
    clusters { name hints { objects diagnosis { number slug title(locale: $locale) } } }
  }
`);

/** What is not broken, and will be: known mistakes that Porthole saw in what is there. */
export function Hints() {
  const { t } = useI18n();
  const locale = useServerLocale();
  const { data } = useQuery({
    queryKey: ['hints', locale],
    queryFn: () => execute(HintsQuery, { locale }),
    refetchInterval: 60_000,
  });
  const hints = data?.clusters.flatMap(({ name, hints }) => hints.map((hint) => ({ cluster: name, ...hint }))) ?? [];
  if (!hints.length) return null;
  return (
    <section>
      <h2>{t.overview.hints}</h2>
      <ul className={css.hints}>
        {hints.map(({ cluster, objects, diagnosis }) => (
          <li key={`${cluster} ${diagnosis.number}`}>
            <Link to="/known/$slug" params={{ slug: diagnosis.slug }}>
              {diagnosis.title}
            </Link>
            <Mono>{objects.join(', ')}</Mono>
          </li>
        ))}
      </ul>
    </section>
  );
}
