import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { act, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Right, TypedDocumentString } from '~/gql/graphql';
import { GqlError, named } from '~/lib/graphql';
import { renderApp, stubServer } from '~/lib/testSetup';

/** What stands in for the socket: the streams that are open, and what the router does when the server refuses. */
const socket = vi.hoisted(() => ({
  open: new Map<string, { again?(): void }>(),
  doubt: async () => true as boolean,
}));
vi.mock('~/lib/live', () => ({
  onSessionDoubt: (ask: () => Promise<boolean>) => {
    socket.doubt = ask;
  },
  useConnection: () => ({ status: 'live', lastAt: 0 }),
  subscribe: (document: TypedDocumentString<unknown, unknown>, _variables: unknown, sink: { again?(): void }) => {
    const name = /subscription (\w+)/.exec(named(document).query ?? '')?.[1] ?? '';
    socket.open.set(name, sink);
    return () => socket.open.delete(name);
  },
}));
const { queryClient, router } = await import('~/app/router');

const all: Right[] = ['CLUSTER_VIEW', 'NOTICES_WRITE', 'CHANNELS_MANAGE'];
const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const user = { id: 'u1', username: 'yuna', displayName: 'Choi Yuna', role: 'MEMBER' };
const posts = {
  nodes: [{ id: 'n1', title: 'Hello', createdAt: '2026-11-01T00:00:00Z', commentCount: 0, author: null }],
};
const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** What the server's refusal brings about for each stream that is still open, a moment later. */
const tryAgain = () => {
  for (const sink of [...socket.open.values()]) sink.again?.();
};

let rights: Right[];
let asked: { query: string }[];
beforeEach(async () => {
  queryClient.clear();
  // Streams that a test before this one left open for a moment are not this one's.
  await vi.waitFor(() => {
    tryAgain();
    expect([...socket.open]).toEqual([]);
  });
  vi.stubGlobal('scrollTo', () => undefined);
});

async function open(path: string, given: Right[]) {
  rights = given;
  asked = stubServer((query) => {
    if (query.includes('query Session')) return { data: { viewer: { mustChangePassword: false, rights, user } } };
    if (query.includes('server {')) return { data: { server } };
    if (query.includes('board(')) return { data: { board: { posts: { ...none, ...posts } } } };
    if (query.includes('clusters')) return { data: { clusters: [] } };
    if (query.includes('channels')) return { data: { channels: none } };
    if (/pods\(|certificates\(|incidents\(/.test(query)) return { data: { pods: none, incidents: none } };
    return { data: {} };
  });
  // Not waited for: the router shared by the tests settles only once it is rendered.
  void router.navigate({ to: path });
  renderApp(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  await screen.findByRole('button', { name: 'Your account, Choi Yuna' });
}
const refused = () =>
  act(async () => {
    expect(await socket.doubt()).toBe(true);
  });
const links = () =>
  screen
    .getAllByRole<HTMLAnchorElement>('link')
    .map((link) => link.getAttribute('href'))
    .filter((href) => /^\/(pods|certificates|incidents|channels)/.test(String(href)));
const clusterStreams = () => [...socket.open.keys()].filter((name) => /Pod|Certificate|Incident/.test(name));

it.each(['/', '/pods', '/certificates'])(
  'begins no stream and asks nothing of a cluster that may not be seen: %s',
  async (path) => {
    await open(path, []);
    await screen.findByRole('heading', { name: path === '/' ? 'Welcome, Choi Yuna.' : 'You may not see the cluster' });
    expect(clusterStreams()).toEqual([]);
    expect(links()).toEqual([]);
    expect(asked.filter(({ query }) => /pods|certificates|incidents\(|clusters/.test(query))).toEqual([]);
    if (path !== '/') expect(screen.getByText(/Ask an admin to tick “Sees the cluster”/)).toBeDefined();
  },
);

it.each([
  ['/channels', 'You may not manage alert channels', 'Manages channels'],
  ['/notices/new', 'You may not write notices', 'Writes notices'],
])('names the right that %s needs', async (path, title, box) => {
  await open(path, ['CLUSTER_VIEW']);
  await screen.findByRole('heading', { name: title });
  expect(screen.getByText(new RegExp(`Ask an admin to tick “${box}”`))).toBeDefined();
  expect([...socket.open.keys()]).not.toContain('DeliveryStream');
});

it('gives what a member may do, whatever their role', async () => {
  await open('/notices', all);
  await screen.findByRole('link', { name: 'Write a notice' });
  expect(links()).toEqual(expect.arrayContaining(['/incidents', '/pods', '/certificates', '/channels']));
  expect(screen.queryByRole('link', { name: 'People and access' })).toBeNull();
});

it('settles on other rights without a reload when the server refuses, and hears of them on every page', async () => {
  await open('/notices', ['CLUSTER_VIEW', 'NOTICES_WRITE']);
  await screen.findByRole('link', { name: 'Write a notice' });
  expect(links()).toContain('/pods');
  rights = [];
  await refused();
  await vi.waitFor(() => expect(links()).toEqual([]));
  expect(screen.queryByRole('link', { name: 'Write a notice' })).toBeNull();
  expect(router.state.location.pathname).toBe('/notices');
  expect([...socket.open.keys()]).toContain('PageStream');
  rights = ['CLUSTER_VIEW'];
  await refused();
  await vi.waitFor(() => expect(links()).toContain('/pods'));
});

it('leaves the pods when they may no longer be seen, asks for none, and returns to them', async () => {
  await open('/pods', ['CLUSTER_VIEW']);
  await screen.findByRole('heading', { name: 'Pods' });
  expect(clusterStreams()).toContain('PodStream');
  rights = [];
  await refused();
  await screen.findByRole('heading', { name: 'You may not see the cluster' });
  await vi.waitFor(() => {
    tryAgain();
    expect([...socket.open.keys()]).toEqual(['PageStream']);
  });
  rights = ['CLUSTER_VIEW'];
  await refused();
  await screen.findByRole('heading', { name: 'Pods' });
  expect(clusterStreams()).toContain('PodStream');
});

it('reads the rights again when a request is forbidden', async () => {
  await open('/notices', ['CLUSTER_VIEW']);
  await vi.waitFor(() => expect(links()).toContain('/pods'));
  rights = [];
  await act(() =>
    queryClient
      .fetchQuery({ queryKey: ['x'], queryFn: () => Promise.reject(new GqlError('You may not.', 'FORBIDDEN')) })
      .catch(() => undefined),
  );
  await vi.waitFor(() => expect(links()).toEqual([]));
});
