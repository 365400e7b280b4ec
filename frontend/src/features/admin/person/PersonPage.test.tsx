import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { PersonPage } from './PersonPage';

const at = '2026-01-01T09:00:00Z';
const jun = {
  __typename: 'User',
  id: 'u2',
  username: 'jun',
  displayName: 'Park Jun',
  email: 'jun@lab.test',
  role: 'MEMBER',
  status: 'NORMAL',
  createdAt: at,
  lastSignInAt: null,
  passwordExpiresAt: null,
  groups: [{ id: 'g1', name: 'Watchers', grants: { pages: ['p1'], rights: ['CLUSTER_VIEW'] } }],
  grants: { pages: ['p1'], rights: [] },
  access: { pages: ['p1', 'p2'], rights: ['CLUSTER_VIEW'] },
  sessions: [
    { id: 's1', userAgent: 'curl/8.11.0', address: '10.0.0.7', createdAt: at, lastSeenAt: at, current: false },
  ],
  apiTokens: [],
  twoFactor: { enabledAt: at, recoveryCodesLeft: 8 },
};
const pages = {
  nodes: [
    { id: 'p1', name: 'Grafana', forEveryone: false },
    { id: 'p2', name: 'Wiki', forEveryone: true },
    { id: 'p3', name: 'Vault', forEveryone: false },
  ],
  pageInfo: { hasNextPage: false, endCursor: null },
};
const admin = { id: 'u1', username: 'mina', displayName: 'Seo Mina', role: 'ADMIN' };

function open(node: object | null, given: Record<string, unknown> = {}) {
  const asked = stubServer((query) => {
    const name = Object.keys(given).find((key) => query.includes(`${key}(`));
    if (name) return { data: { [name]: { errors: [], ...(given[name] as object) } } };
    if (query.includes('node(')) return { data: { node } };
    if (query.includes('pages(')) return { data: { pages } };
    return { data: { viewer: { mustChangePassword: false, user: admin } } };
  });
  const router = createRouter({
    routeTree: createRootRoute({ component: () => <PersonPage id="u2" /> }),
    history: createMemoryHistory(),
  });
  renderApp(<RouterProvider router={router as never} />);
  return (name: string) =>
    asked.filter(({ query }) => query.includes(`${name}(`)).map(({ variables }) => variables.input);
}
beforeEach(() => vi.stubGlobal('scrollTo', () => undefined));

it('tells what they may do and where it comes from, and ticks what is theirs alone', async () => {
  const sent = open(jun, { setAccess: {} });
  const access = await screen.findByRole('region', { name: 'What they may do and open' });
  expect(
    within(access)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual([
    'Sees the clustergroup Watchers',
    'Reads logs',
    'Writes notices',
    'Manages channels',
    'Grafanagroup Watchers',
    'Wikiopen to everyone',
    'Vault',
  ]);
  const box = (name: string) => within(access).getByRole('checkbox', { name }) as HTMLInputElement;
  expect([box('Wiki').checked, box('Wiki').disabled]).toEqual([true, true]);
  expect([box('Grafana').checked, box('Grafana').disabled]).toEqual([true, false]);
  await userEvent.click(box('Vault'));
  expect(box('Vault').checked).toBe(true);
  expect(sent('setAccess')).toEqual([{ holder: { user: 'u2' }, object: { page: 'p3' }, allowed: true }]);
  expect(screen.getByRole('link', { name: 'Change it in the grid' }).getAttribute('href')).toContain('q=jun');
  expect(screen.getByRole('link', { name: 'What they did' }).getAttribute('href')).toBe('/audit?actor=u2');
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('locks after asking, and says that the last admin stays', async () => {
  const conflict = { errors: [{ message: 'x', code: 'CONFLICT', path: ['input', 'id'] }] };
  const sent = open(jun, { lockUser: conflict });
  await userEvent.click(await screen.findByRole('button', { name: 'Lock' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(sent('lockUser')).toEqual([]);
  await userEvent.click(dialog.getByRole('button', { name: 'Lock' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('This is the last admin.');
  expect(sent('lockUser')).toEqual([{ id: 'u2' }]);
});

it('ends their sessions and turns off their second factor, without a password', async () => {
  const sent = open(jun, { endSession: { endedId: 's1' }, disableTwoFactor: { user: { id: 'u2' } } });
  await userEvent.click(await screen.findByRole('button', { name: 'End the session: curl/8.11.0' }));
  await vi.waitFor(() => expect(sent('endSession')).toEqual([{ id: 's1' }]));
  await userEvent.click(screen.getByRole('button', { name: 'Turn off' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Turn off' }));
  await vi.waitFor(() => expect(sent('disableTwoFactor')).toEqual([{ user: 'u2' }]));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('removes the passkeys of whoever has nothing else', async () => {
  const twoFactor = { enabledAt: null, recoveryCodesLeft: 0 };
  const sent = open({ ...jun, twoFactor, passkeys: [{ id: 'k1' }, { id: 'k2' }] }, { disableTwoFactor: {} });
  expect((await screen.findByRole('region', { name: 'Second factor' })).textContent).toContain('2 passkeys.');
  await userEvent.click(screen.getByRole('button', { name: 'Turn off' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/passkeys of theirs are removed/)).toBeTruthy();
  await userEvent.click(dialog.getByRole('button', { name: 'Turn off' }));
  await vi.waitFor(() => expect(sent('disableTwoFactor')).toEqual([{ user: 'u2' }]));
});

it('says when there is no such account', async () => {
  open(null);
  expect(await screen.findByText('There is no such account')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'To the people' })).toBeTruthy();
});
