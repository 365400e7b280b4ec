import { queryOptions } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { KnownIncidentsQuery, Locale } from '~/gql/graphql';
import { execute } from '~/lib/graphql';

const KnownIncidents = graphql(`
  query KnownIncidents($locale: Locale!) {
    diagnoses {
      number slug symptom
      title(locale: $locale)
      cause(locale: $locale)
      remedy(locale: $locale)
    }
  }
`);

export type Known = KnownIncidentsQuery['diagnoses'][number];

/** The catalogue is a part of the program: it does not change while it runs. */
export const knownQuery = (locale: Locale) =>
  queryOptions({
    queryKey: ['known', locale],
    queryFn: () => execute(KnownIncidents, { locale }),
    staleTime: Number.POSITIVE_INFINITY,
  });
