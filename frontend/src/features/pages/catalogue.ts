import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { all } from '~/features/admin/access';
import { graphql } from '~/gql';
import type { CatalogueQuery, CreatePageInput, UpdatePageInput } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

const Catalogue = graphql(`
  query Catalogue($after: String) {
    pages(scope: ALL, first: 100, after: $after) {
      nodes {
        id name url icon category description position forEveryone runsIn probed
        health healthSince problem discoveredFrom version
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const CreatePage = graphql(`
  mutation CreatePage($input: CreatePageInput!) { createPage(input: $input) { errors { message code path } } }
`);
const UpdatePage = graphql(`
  mutation UpdatePage($input: UpdatePageInput!) { updatePage(input: $input) { errors { message code path } } }
`);
const DeletePage = graphql(`
  mutation DeletePage($input: DeletePageInput!) { deletePage(input: $input) { errors { message code path } } }
`);

export type CataloguePage = CatalogueQuery['pages']['nodes'][number];

export const catalogueQuery = queryOptions({
  queryKey: ['pages', 'catalogue'],
  queryFn: () => all<CataloguePage>(async (after) => (await execute(Catalogue, { after })).pages),
  // Health changes by itself.
  refetchInterval: 30_000,
});

function useChange<I>(change: (input: I) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['pages'] });
      void client.invalidateQueries({ queryKey: ['people'] });
    },
  });
}

export const useCreatePage = () =>
  useChange(async (input: CreatePageInput) => accepted((await execute(CreatePage, { input })).createPage));
export const useUpdatePage = () =>
  useChange(async (input: UpdatePageInput) => accepted((await execute(UpdatePage, { input })).updatePage));
export const useDeletePage = () =>
  useChange(async (id: string) => accepted((await execute(DeletePage, { input: { id } })).deletePage));
