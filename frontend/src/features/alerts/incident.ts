import { queryOptions, useMutation } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { IncidentQuery, Locale } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

graphql(`
  fragment DeliveryLine on Delivery {
    id targetHint state attempts createdAt nextAttemptAt deliveredAt error
    channel { id name }
    transition { sequence summary(locale: $locale) }
  }
`);
const IncidentDocument = graphql(`
  query Incident($number: Int!, $locale: Locale!) {
    incident(number: $number) {
      ...IncidentRow
      cause(locale: $locale)
      remedy(locale: $locale)
      closesWhen(locale: $locale)
      evidence { at source text }
      diagnosis { number slug title(locale: $locale) }
      change { at revision previousRevision commit images { container before after } }
      transitions { sequence kind at summary(locale: $locale) }
      deliveries { ...DeliveryLine }
    }
  }
`);
const RetryDelivery = graphql(`
  mutation RetryDelivery($input: RetryDeliveryInput!) {
    retryDelivery(input: $input) { delivery { id state } errors { message code path } }
  }
`);
export const DeliveryStream = graphql(`
  subscription DeliveryStream {
    deliveryChanges {
      ... on DeliverySnapshot { items { id state } }
      ... on DeliveryUpsert { object { id state incident { number } channel { id } } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at }
    }
  }
`);

export type Incident = NonNullable<IncidentQuery['incident']>;

export const incidentQuery = (number: number, locale: Locale) =>
  queryOptions({
    queryKey: ['incident', number, locale],
    queryFn: () => execute(IncidentDocument, { number, locale }),
  });

export const useRetryDelivery = () =>
  useMutation({
    mutationFn: async (id: string) => accepted((await execute(RetryDelivery, { input: { id } })).retryDelivery),
  });
