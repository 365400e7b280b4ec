import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { sessionQuery } from '~/features/auth/session';
import { renderApp, stubServer } from '~/lib/testSetup';
import Palette from './Palette';

const page = (id: string, name: string, category: string, description: string) => ({
  ...{ id, name, category, description },
  url: `https://${id}.lab.test/`,
});
const nodes = [
  page('wiki', 'Wiki', 'Papers', 'How to reach Grafana, and the rest'),
  page('grafana', 'Grafana', 'Watching', 'Dashboards'),
  page('photos', '사진', 'Home', 'Immich'),
];

let went: string[];
beforeEach(() => {
  went = [];
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
  vi.stubGlobal('scrollTo', () => undefined);
});

function open(role: 'ADMIN' | 'MEMBER', rights: ('CLUSTER_VIEW' | 'CHANNELS_MANAGE')[] = []) {
  const posts = { nodes: [] };
  const asked = stubServer((query) => {
    if (query.includes('FindPages')) return { data: { pages: { nodes } } };
    if (query.includes('FindPods')) return { data: { pods: { nodes: [] } } };
    return { data: { notices: { posts }, requests: { posts } } };
  });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  const user = { id: 'u1', username: 'mina', displayName: 'Seo Mina', role };
  client.setQueryData(sessionQuery.queryKey, { viewer: { mustChangePassword: false, rights, user } } as never);
  const root = createRootRoute({ component: () => <Palette onClose={() => {}} /> });
  const routes = ['/audit', '/groups', '/account'].map((path) => createRoute({ getParentRoute: () => root, path }));
  const router = createRouter({ routeTree: root.addChildren(routes), history: createMemoryHistory() });
  renderApp(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { asked, path: () => router.state.location.pathname };
}
const type = async (text: string) => userEvent.type(await screen.findByRole('textbox'), text);
const found = () => screen.getAllByRole('button').map((button) => button.textContent);

it('finds internal pages by name first, then by what is told of them, and leaves for one of them', async () => {
  open('MEMBER');
  await screen.findByRole('button', { name: 'Grafana Watching' });
  await type('grafana');
  await vi.waitFor(() => expect(found()).toEqual(['GrafanaWatching', 'WikiPapers']));
  await userEvent.keyboard('{Enter}');
  expect(went).toEqual(['https://grafana.lab.test/']);
});

it('finds them by category', async () => {
  open('MEMBER');
  await screen.findByRole('button', { name: 'Grafana Watching' });
  await type('papers');
  await vi.waitFor(() => expect(found()).toEqual(['WikiPapers']));
});

it.each([
  ['audit', 'Audit log', '/audit'],
  ['group', 'Groups', '/groups'],
])('leads admins by “%s” to %s', async (text, name, there) => {
  const { path } = open('ADMIN');
  await type(text);
  await userEvent.click(await screen.findByRole('button', { name }));
  await vi.waitFor(() => expect(path()).toBe(there));
});

it('offers others their account, and neither what only admins open nor pods that they may not see', async () => {
  const { asked, path } = open('MEMBER');
  await screen.findByRole('button', { name: 'Grafana Watching' });
  for (const name of ['Audit log', 'Groups', 'Pods', 'Alert channels', 'People and access'])
    expect(screen.queryByRole('button', { name })).toBeNull();
  await type('account');
  await userEvent.click(await screen.findByRole('button', { name: 'My account' }));
  await vi.waitFor(() => expect(path()).toBe('/account'));
  expect(asked.some(({ query }) => query.includes('FindPods'))).toBe(false);
});
