import { expect, it } from 'vitest';
import { type CommentLine, threads } from './comments';

const comment = (id: string, minute: number, replyTo?: string): CommentLine => ({
  id,
  body: id,
  mayDelete: false,
  author: null,
  createdAt: `2026-11-23T10:${String(minute).padStart(2, '0')}:00Z`,
  replyTo: replyTo ? { id: replyTo } : null,
});

it('puts replies under their comment, oldest first, whatever order they came in', () => {
  const found = threads([comment('r2', 9, 'a'), comment('b', 5), comment('r1', 6, 'a'), comment('a', 1)]);
  expect(found.map(({ comment, replies }) => [comment.id, replies.map((reply) => reply.id)])).toEqual([
    ['a', ['r1', 'r2']],
    ['b', []],
  ]);
});

it('shows a reply alone when its comment is not among the newest', () => {
  expect(threads([comment('r', 3, 'gone')]).map(({ comment }) => comment.id)).toEqual(['r']);
});
