import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { PersonQuery } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';
import { all } from '../access';

const PersonDocument = graphql(`
  query Person($id: ID!) {
    node(id: $id) {
      __typename
      ... on User {
        ...UserLine
        passwordExpiresAt
        groups { id name grants { pages rights } }
        grants { pages rights }
        access { pages rights }
        sessions { ...SessionLine }
        apiTokens { ...TokenLine }
        twoFactor { enabledAt recoveryCodesLeft }
        passkeys { id }
      }
    }
  }
`);
const PageNames = graphql(`
  query PageNames($after: String) {
    pages(scope: ALL, first: 100, after: $after) {
      nodes { id name forEveryone }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const Lock = graphql(`
  mutation Lock($input: LockUserInput!) {
    lockUser(input: $input) { user { ...UserLine } errors { message code path } }
  }
`);

export type Person = Extract<NonNullable<PersonQuery['node']>, { __typename: 'User' }>;
export type PageName = { id: string; name: string; forEveryone: boolean };

const allPages = () => all<PageName>(async (after) => (await execute(PageNames, { after })).pages);

/** Under the people's key: what changes one of them makes both old. */
export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'person', id],
    queryFn: async () => {
      const [{ node }, pages] = await Promise.all([execute(PersonDocument, { id }), allPages()]);
      return { person: node?.__typename === 'User' ? node : undefined, pages };
    },
  });

export function useLock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => accepted((await execute(Lock, { input: { id } })).lockUser),
    // Not waited for: the button that asked goes with the news, and could not say so any more.
    onSuccess: () => void client.invalidateQueries({ queryKey: ['people'] }),
  });
}
