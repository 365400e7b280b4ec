import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { BoardKind } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

graphql(`
  fragment PostLine on Post { id title createdAt commentCount author { id displayName } }
`);
const BoardQuery = graphql(`
  query Board($kind: BoardKind!, $first: Int!, $after: String) {
    board(kind: $kind) {
      posts(first: $first, after: $after) { nodes { ...PostLine } pageInfo { hasNextPage endCursor } }
    }
  }
`);
const PostQuery = graphql(`
  query Post($id: ID!) {
    post(id: $id) { ...PostLine board body updatedAt mayEdit version }
  }
`);
const CreatePost = graphql(`
  mutation CreatePost($input: CreatePostInput!) {
    createPost(input: $input) { post { id } errors { message code path } }
  }
`);
const UpdatePost = graphql(`
  mutation UpdatePost($input: UpdatePostInput!) {
    updatePost(input: $input) { post { id } errors { message code path } }
  }
`);
const DeletePost = graphql(`
  mutation DeletePost($input: DeletePostInput!) {
    deletePost(input: $input) { deletedId errors { message code path } }
  }
`);

export const paths = { NOTICE: '/notices', REQUEST: '/requests' } as const satisfies Record<BoardKind, string>;

export const loadBoard = (kind: BoardKind, first: number, after?: string) =>
  execute(BoardQuery, { kind, first, after: after ?? null });

/** The newest few, for the home page and beside a post. */
export const newestPosts = (kind: BoardKind, first: number) =>
  queryOptions({ queryKey: ['posts', kind, 'newest', first], queryFn: () => loadBoard(kind, first) });

export const postQuery = (id: string) =>
  queryOptions({ queryKey: ['post', id], queryFn: () => execute(PostQuery, { id }) });

type Draft = { title: string; body: string };

export function useCreatePost(kind: BoardKind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (draft: Draft & { key: string }) => {
      const input = { board: kind, title: draft.title, body: draft.body, clientMutationId: draft.key };
      return accepted((await execute(CreatePost, { input })).createPost);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['posts'] }),
  });
}

export function useUpdatePost(id: string, version: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ title, body }: Draft) => {
      const input = { id, title, body, expectedVersion: version };
      return accepted((await execute(UpdatePost, { input })).updatePost);
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['post', id] }),
        client.invalidateQueries({ queryKey: ['posts'] }),
      ]),
  });
}

export function useDeletePost(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => accepted((await execute(DeletePost, { input: { id } })).deletePost),
    onSuccess: () => client.invalidateQueries({ queryKey: ['posts'] }),
  });
}
