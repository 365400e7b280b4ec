import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TypedDocumentString } from '~/gql/graphql';

type Handlers = { next(result: unknown): void; error(error: unknown): void };
const socket = vi.hoisted(() => ({ opened: [] as Handlers[], stopped: 0 }));
vi.mock('graphql-ws', () => ({
  createClient: () => ({
    subscribe: (_payload: unknown, handlers: Handlers) => {
      socket.opened.push(handlers);
      return () => {
        socket.stopped++;
      };
    },
  }),
}));
const { onSessionDoubt, subscribe } = await import('./live');

const document = 'subscription X { x }' as unknown as TypedDocumentString<unknown, Record<string, never>>;
const told = { asked: 0, errors: [] as string[], again: 0 };
let stands: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  socket.opened = [];
  socket.stopped = 0;
  Object.assign(told, { asked: 0, errors: [], again: 0 });
  stands = true;
  onSessionDoubt(async () => {
    told.asked++;
    return stands;
  });
});
afterEach(() => {
  vi.useRealTimers();
});
const open = (again = () => {}) =>
  subscribe(
    document,
    {},
    {
      next: () => {},
      error: (error) => told.errors.push(error.code),
      again: () => {
        told.again++;
        again();
      },
    },
  );
const forbidden = [{ message: 'You may not see the cluster.', extensions: { code: 'FORBIDDEN' } }];

it.each([
  ['before it begins', () => socket.opened[0]?.error(forbidden)],
  ['while it runs', () => socket.opened[0]?.next({ errors: forbidden })],
])('reads the rights again when a stream is forbidden %s, then says so', async (_when, refuse) => {
  open();
  refuse();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual({ asked: 1, errors: ['FORBIDDEN'], again: 0 });
  expect(socket.opened).toHaveLength(1);
});

it('does not doubt the session for another fault', async () => {
  open();
  socket.opened[0]?.error([{ message: 'x', extensions: { code: 'INTERNAL' } }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual({ asked: 0, errors: ['INTERNAL'], again: 0 });
});

it('comes back after the socket was closed for want of rights, when the session stands', async () => {
  open();
  socket.opened[0]?.error({ code: 4403 });
  await vi.advanceTimersByTimeAsync(2000);
  expect(told).toEqual({ asked: 1, errors: [], again: 1 });
  expect(socket.opened).toHaveLength(2);
});

it('stays away when nobody wants it any more, or the session is over', async () => {
  const stop = open(() => stop());
  socket.opened[0]?.error({ code: 4403 });
  await vi.advanceTimersByTimeAsync(2000);
  expect(told.again).toBe(1);
  expect(socket.opened).toHaveLength(1);
  stands = false;
  open();
  socket.opened[1]?.error({ code: 4403 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.opened).toHaveLength(2);
});
