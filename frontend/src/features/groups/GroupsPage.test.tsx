import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { Toasts } from '~/ui/toast';
import { GroupsPage } from './GroupsPage';

const people = [
  { id: 'jun', username: 'jun', displayName: 'Park Jun' },
  { id: 'yuna', username: 'yuna', displayName: 'Choi Yuna' },
];
const watchers = {
  id: 'g1',
  name: 'Watchers',
  version: 2,
  members: [people[0]],
  grants: { pages: ['p1'], rights: [] as string[] },
};
const list = (nodes: object[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });
const pages = list([
  { id: 'p1', name: 'Grafana', icon: null, forEveryone: false },
  { id: 'p2', name: 'Wiki', icon: null, forEveryone: false },
]);

async function open() {
  const server = { groups: [watchers], faults: [] as object[] };
  const asked = stubServer((query, { input } = {}) => {
    const name = /(\w+)\(input: \$input\)/.exec(query)?.[1];
    if (!name && query.includes('groups(')) return { data: { groups: list(server.groups) } };
    if (!name) return { data: query.includes('users(') ? { users: list(people) } : { pages } };
    if (server.faults.length) return { data: { [name]: { errors: server.faults } } };
    const { user, member, object, allowed } = input as Record<string, never>;
    server.groups = server.groups.flatMap((group) => {
      if (name === 'deleteGroup') return [];
      const members = group.members.filter((one) => one?.id !== user);
      if (name === 'setGroupMember')
        return { ...group, members: member ? [...members, people.find(({ id }) => id === user)] : members };
      const rights = allowed ? [(object as unknown as { right: string }).right] : [];
      return name === 'setAccess' ? { ...group, grants: { ...group.grants, rights } } : group;
    });
    return { data: { [name]: { errors: [] } } };
  });
  const component = () => (
    <>
      <GroupsPage />
      <Toasts />
    </>
  );
  const router = createRouter({ routeTree: createRootRoute({ component }), history: createMemoryHistory() });
  renderApp(<RouterProvider router={router as never} />);
  const group = within(await screen.findByRole('region', { name: 'Watchers' }));
  const sent = (name: string) =>
    asked.filter(({ query }) => query.includes(`${name}(input`)).map(({ variables }) => variables.input);
  return { server, group, sent };
}
/** Toasts of earlier tests may still stand. */
const undo = async (text: string) => {
  const told = (await screen.findByText(text)).parentElement as HTMLElement;
  await userEvent.click(within(told).getByRole('button', { name: 'Undo' }));
};
beforeEach(() => vi.stubGlobal('scrollTo', () => undefined));

it('takes somebody in only once they are confirmed, goes on with the next, and undoes it', async () => {
  const { group, sent } = await open();
  expect(group.getByText('1 member')).toBeTruthy();
  const pick = group.getByRole('combobox', { name: 'Add somebody to Watchers' });
  await userEvent.selectOptions(pick, 'Choi Yuna (yuna)');
  expect(sent('setGroupMember')).toEqual([]);
  await userEvent.click(group.getByRole('button', { name: 'Add' }));
  await screen.findByText('Choi Yuna is now in Watchers.');
  expect(group.getByText('2 members')).toBeTruthy();
  await undo('Choi Yuna is now in Watchers.');
  await group.findByText('1 member');
  const yuna = { group: 'g1', user: 'yuna' };
  expect(sent('setGroupMember')).toEqual([
    { ...yuna, member: true },
    { ...yuna, member: false },
  ]);
});

it('takes somebody out, and the keyboard stays in the list', async () => {
  const { group } = await open();
  await userEvent.click(group.getByRole('button', { name: 'Remove Park Jun' }));
  await group.findByText('0 members');
  await waitFor(() => expect(document.activeElement).toBe(group.getByRole('combobox')));
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('ticks a box for the whole group, undoes it, and puts refused ones back', async () => {
  const { server, group, sent } = await open();
  const right = group.getByRole<HTMLInputElement>('checkbox', { name: 'Sees the cluster' });
  const wiki = group.getByRole<HTMLInputElement>('checkbox', { name: 'Wiki' });
  await userEvent.click(right);
  expect(right.checked).toBe(true);
  await undo('Watchers: “Sees the cluster” is on.');
  await waitFor(() => expect(right.checked).toBe(false));
  const tick = { holder: { group: 'g1' }, object: { right: 'CLUSTER_VIEW' } };
  await waitFor(() =>
    expect(sent('setAccess')).toEqual([
      { ...tick, allowed: true },
      { ...tick, allowed: false },
    ]),
  );
  server.faults = [{ message: 'This page is gone.', code: 'NOT_FOUND', path: null }];
  await userEvent.click(wiki);
  await userEvent.click(right);
  await screen.findByText('Watchers, Wiki: This page is gone.');
  await screen.findByText('Watchers, Sees the cluster: This page is gone.');
  await waitFor(() => expect([wiki.checked, right.checked]).toEqual([false, false]));
});

it('says at the name that another group has it', async () => {
  const { server, group, sent } = await open();
  server.faults = [{ message: 'x', code: 'CONFLICT', path: ['input', 'name'] }];
  await userEvent.click(group.getByRole('button', { name: 'Rename Watchers' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name'), '2');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await dialog.findByText('A group has this name already: choose another.')).toBeTruthy();
  expect(sent('updateGroup')).toEqual([{ id: 'g1', expectedVersion: 2, name: 'Watchers2' }]);
});

it('deletes a group after asking, says so, and the keyboard goes on at the page', async () => {
  const { group, sent } = await open();
  await userEvent.click(group.getByRole('button', { name: 'Delete Watchers' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(sent('deleteGroup')).toEqual([]);
  await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
  await screen.findByText('Watchers is deleted.');
  expect(screen.getByText('No groups yet.')).toBeTruthy();
  const [add] = screen.getAllByRole('button', { name: 'Add a group' });
  await waitFor(() => expect(document.activeElement).toBe(add));
});
