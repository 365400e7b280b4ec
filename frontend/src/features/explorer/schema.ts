import { queryOptions } from '@tanstack/react-query';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { GqlError, toGqlError } from '~/lib/graphql';
import { post } from './ask';

/** What may be asked, as the server says itself. */
export const schemaQuery = queryOptions({
  queryKey: ['schema'],
  staleTime: Number.POSITIVE_INFINITY,
  async queryFn({ signal }): Promise<GraphQLSchema> {
    const { data, errors } = await post({ query: getIntrospectionQuery() }, signal);
    if (errors?.[0]) throw toGqlError(errors[0]);
    if (!data) throw new GqlError('', 'INTERNAL');
    return buildClientSchema(data as IntrospectionQuery);
  },
});
