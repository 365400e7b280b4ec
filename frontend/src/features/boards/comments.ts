import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { graphql } from '~/gql';
import type { CommentLineFragment } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';
import { subscribe } from '~/lib/live';
import { Feed } from '~/lib/liveStore';

graphql(`
  fragment CommentLine on Comment {
    id body createdAt mayDelete author { id displayName } replyTo { id }
  }
`);
const CommentStream = graphql(`
  subscription CommentStream($postId: ID!) {
    commentChanges(postId: $postId) {
      ... on CommentSnapshot { items { ...CommentLine } }
      ... on CommentUpsert { object { ...CommentLine } }
      ... on Delete { id }
      ... on Resync { reason }
      ... on Heartbeat { at }
    }
  }
`);
const CreateComment = graphql(`
  mutation CreateComment($input: CreateCommentInput!) {
    createComment(input: $input) { comment { ...CommentLine } errors { message code path } }
  }
`);
const DeleteComment = graphql(`
  mutation DeleteComment($input: DeleteCommentInput!) {
    deleteComment(input: $input) { deletedId errors { message code path } }
  }
`);

export type CommentLine = CommentLineFragment;
export type CommentFeed = Feed<CommentLine>;
/** The stream's first event holds this many; older ones are not shown. */
export const MOST_COMMENTS = 100;

export function useCommentFeed(postId: string) {
  const [feed] = useState(
    () =>
      new Feed<CommentLine>((own) =>
        subscribe(
          CommentStream,
          { postId },
          own.sink((data) => data.commentChanges),
        ),
      ),
  );
  return feed;
}

const byAge = (a: CommentLine, b: CommentLine) => Date.parse(a.createdAt) - Date.parse(b.createdAt);

/** Top-level comments, oldest first, each with its replies. A reply whose comment is out of reach stands alone. */
export function threads(comments: Iterable<CommentLine>) {
  const all = [...comments].sort(byAge);
  const ids = new Set(all.map((comment) => comment.id));
  const isReply = (comment: CommentLine) => !!comment.replyTo && ids.has(comment.replyTo.id);
  return all
    .filter((comment) => !isReply(comment))
    .map((comment) => ({ comment, replies: all.filter((reply) => reply.replyTo?.id === comment.id) }));
}

export function useSendComment(feed: CommentFeed, postId: string, replyToId?: string) {
  return useMutation({
    mutationFn: async ({ body, key }: { body: string; key: string }) => {
      const input = { postId, body, replyToId: replyToId ?? null, clientMutationId: key };
      return accepted((await execute(CreateComment, { input })).createComment);
    },
    // Shown at once; the stream brings the same again, which changes nothing.
    onSuccess: ({ comment }) => comment && feed.apply({ object: comment }),
  });
}

export function useDeleteComment(feed: CommentFeed, id: string) {
  return useMutation({
    mutationFn: async () => accepted((await execute(DeleteComment, { input: { id } })).deleteComment),
    onSuccess: () => feed.apply({ id }),
  });
}
