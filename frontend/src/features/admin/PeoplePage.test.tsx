import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { Toasts } from '~/ui/toast';
import { PeoplePage, type PeopleSearch } from './PeoplePage';

const nothing = { pages: [] as string[], rights: [] as string[] };
const person = (id: string, displayName: string, more: object = {}) => ({
  id,
  username: id,
  displayName,
  email: null,
  role: 'MEMBER',
  status: 'NORMAL',
  createdAt: '2026-01-01T00:00:00Z',
  lastSignInAt: null,
  grants: nothing,
  access: nothing,
  ...more,
});
const held = (...pages: string[]) => ({ pages, rights: [] });
const pageOf = (id: string, name: string, forEveryone = false) => ({ id, name, icon: null, forEveryone });
const list = (nodes: object[], next: string | null = null) => ({
  nodes,
  pageInfo: { hasNextPage: next !== null, endCursor: next },
});
const mina = person('mina', 'Seo Mina', { role: 'ADMIN', access: held('p1', 'p2') });
const watchers = { id: 'g1', name: 'Watchers', version: 1, members: [{ id: 'jun' }], grants: held('p1') };

/** A server that keeps the boxes it is told to set, unless it refuses. */
async function open(people: ReturnType<typeof person>[], search: PeopleSearch = {}) {
  const server = { people, refuse: undefined as string | undefined };
  const asked = stubServer((query, { input, after } = {}) => {
    if (query.includes('setAccess(')) {
      const errors = server.refuse ? [{ message: server.refuse, code: 'NOT_FOUND', path: null }] : [];
      const { holder, object, allowed } = input as {
        holder: { user: string };
        object: { page: string };
        allowed: boolean;
      };
      const set = (boxes: typeof nothing, there: boolean) => ({
        ...boxes,
        pages: [...boxes.pages.filter((id) => id !== object.page), ...(there ? [object.page] : [])],
      });
      if (!errors.length)
        server.people = server.people.map((one) => {
          if (one.id !== holder.user) return one;
          const besides = object.page === 'p1' && watchers.members.some(({ id }) => id === one.id);
          return { ...one, grants: set(one.grants, allowed), access: set(one.access, allowed || besides) };
        });
      return { data: { setAccess: { errors } } };
    }
    if (query.includes('groups(')) return { data: { groups: list([watchers]) } };
    if (query.includes('pages('))
      return { data: { pages: list([pageOf('p1', 'Grafana'), pageOf('p2', 'Wiki', true)]) } };
    if (query.includes('users('))
      return { data: { users: after ? list(server.people.slice(1)) : list(server.people.slice(0, 1), 'next') } };
    return { data: { viewer: { mustChangePassword: false, rights: [], user: mina } } };
  });
  const component = () => (
    <>
      <PeoplePage search={search} onSearch={() => undefined} />
      <Toasts />
    </>
  );
  const router = createRouter({ routeTree: createRootRoute({ component }), history: createMemoryHistory() });
  renderApp(<RouterProvider router={router as never} />);
  const ticks = () => asked.filter(({ query }) => query.includes('setAccess(')).map(({ variables }) => variables.input);
  return { server, ticks };
}
const box = (name: string | RegExp) => screen.findByRole<HTMLInputElement>('checkbox', { name });
const toast = (text: string) => screen.findByText(text);
/** Toasts of earlier tests may still stand. */
const undo = async (text: string) => {
  const told = (await screen.findByText(text)).parentElement as HTMLElement;
  await userEvent.click(within(told).getByRole('button', { name: 'Undo' }));
};
beforeEach(() => vi.stubGlobal('scrollTo', () => undefined));

it('reads all people, and counts for each page who may open it', async () => {
  await open([mina, person('yuna', 'Choi Yuna', { access: held('p2') })]);
  expect((await screen.findByRole('columnheader', { name: /Grafana/ })).textContent).toContain('1 of 2');
  expect(screen.getByRole('columnheader', { name: /Wiki/ }).textContent).toContain('2 of 2');
  expect(screen.getByRole('columnheader', { name: /Writes notices/ }).textContent).toContain('0 of 2');
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('ticks at once, says so when it is true, and Undo takes it back and returns to the box', async () => {
  const { ticks } = await open([mina, person('yuna', 'Choi Yuna')]);
  const grafana = await box('Choi Yuna, Grafana');
  await userEvent.click(grafana);
  expect(grafana.checked).toBe(true);
  await undo('Choi Yuna may now open Grafana.');
  expect(document.activeElement).toBe(grafana);
  await waitFor(() => expect(grafana.checked).toBe(false));
  const tick = { holder: { user: 'yuna' }, object: { page: 'p1' } };
  await waitFor(() =>
    expect(ticks()).toEqual([
      { ...tick, allowed: true },
      { ...tick, allowed: false },
    ]),
  );
});

it('puts each refused box back and says why, and never that it was done', async () => {
  const { server } = await open([mina, person('yuna', 'Choi Yuna')]);
  server.refuse = 'This page is gone.';
  const grafana = await box('Choi Yuna, Grafana');
  const notices = await box('Choi Yuna, Writes notices');
  await userEvent.click(grafana);
  await userEvent.click(notices);
  await toast('Choi Yuna, Grafana: This page is gone.');
  await toast('Choi Yuna, Writes notices: This page is gone.');
  await waitFor(() => expect([grafana.checked, notices.checked]).toEqual([false, false]));
  expect(screen.queryByText('Choi Yuna may now open Grafana.')).toBeNull();
});

it('says where a box comes from that cannot be unticked here', async () => {
  const { ticks } = await open([mina, person('jun', 'Park Jun', { access: held('p1', 'p2') })]);
  const given = await box('Park Jun, Grafana (group Watchers)');
  expect(given.checked).toBe(true);
  expect(given.closest('label')?.title).toBe('group Watchers');
  expect((await box('Park Jun, Wiki (open to everyone)')).checked).toBe(true);
  expect((await box('Seo Mina, Grafana (as an admin)')).checked).toBe(true);
  await userEvent.click(given);
  expect(given.checked).toBe(true);
  expect(ticks()).toEqual([]);
});

it('does not say that somebody lost what a group still gives them', async () => {
  const { ticks } = await open([mina, person('jun', 'Park Jun', { grants: held('p1'), access: held('p1') })]);
  await userEvent.click(await box('Park Jun, Grafana'));
  await toast('Park Jun keeps “Grafana”: group Watchers.');
  expect((await box('Park Jun, Grafana (group Watchers)')).checked).toBe(true);
  expect(ticks()).toMatchObject([{ allowed: false }]);
});

it('shows whom the filter names, in the status that was chosen', async () => {
  const people = [
    mina,
    person('yuna', 'Choi Yuna', { status: 'LOCKED' }),
    person('jun', 'Park Jun', { status: 'LOCKED' }),
  ];
  await open(people, { q: 'choi', status: 'LOCKED' });
  const row = (await screen.findByRole('rowheader')).closest('tr') as HTMLElement;
  expect(within(row).getByRole('link', { name: 'Choi Yuna' }).getAttribute('href')).toBe('/people/yuna');
  expect(within(row).getByRole('button', { name: 'Unlock: Choi Yuna' })).toBeTruthy();
  // The count of a page is of everybody, whatever is shown.
  expect(screen.getByRole('columnheader', { name: /Grafana/ }).textContent).toContain('of 3');
});
