import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { AuditPage } from './AuditPage';
import { type AuditSearch, kinds } from './audit';

const at = '2026-11-20T09:00:00Z';
const line = (id: string, more: object) => ({
  ...{ id, at, action: 'SIGN_IN', outcome: 'DONE', actor: 'mina', actorUser: null, token: null, address: '10.0.0.7' },
  ...{ target: null, detail: null, requestId: null },
  ...more,
});
const newest = [
  line('e3', { action: 'CHANNEL_UPDATE', token: 'ci', target: 'Ops', detail: 'renamed from "Old"' }),
  line('e2', { outcome: 'DENIED', actor: null, detail: 'the password is not right' }),
];

let searched: AuditSearch[];
function open(start: AuditSearch, answer: (variables: Record<string, unknown>) => unknown) {
  searched = [];
  const asked = stubServer((query, variables) => {
    if (query.includes('AuditTotal')) return { data: { auditEvents: { totalCount: 42 } } };
    if (query.includes('ActorName')) return { data: { node: { __typename: 'User', displayName: 'Seo Mina' } } };
    return answer(variables);
  });
  function Page() {
    const [search, setSearch] = useState(start);
    const onSearch = (next: AuditSearch) => {
      searched.push(next);
      setSearch(next);
    };
    return <AuditPage search={search} onSearch={onSearch} />;
  }
  const router = createRouter({
    routeTree: createRootRoute({ component: Page }),
    history: createMemoryHistory(),
  });
  renderApp(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return asked;
}
const events = (nodes: object[], endCursor: string | null = null) => ({
  data: { auditEvents: { nodes, pageInfo: { hasNextPage: !!endCursor, endCursor } } },
});
beforeEach(() => vi.stubGlobal('scrollTo', () => undefined));

it('tells who did what, by which token, and colours only what was denied', async () => {
  open({}, () => events(newest));
  const [, done, denied] = await screen.findAllByRole('row');
  const cells = (row: HTMLElement | undefined) =>
    within(row as HTMLElement)
      .getAllByRole('cell')
      .slice(1)
      .map((cell) => cell.textContent);
  expect(cells(done)).toEqual(['mina by token ci', 'Edited a channel', 'Ops', 'renamed from "Old"', '10.0.0.7']);
  expect(cells(denied)).toEqual(['nobody', 'Signed in: denied', '', 'the password is not right', '10.0.0.7']);
  expect(done?.querySelector('svg')).toBeNull();
  expect(denied?.querySelector('svg')).not.toBeNull();
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('asks for older ones behind the last, says when they do not come, and keeps what is there', async () => {
  let refuse = true;
  const asked = open({}, ({ after }) => {
    if (!after) return events(newest, 'c2');
    if (refuse) return { errors: [{ message: 'x', extensions: { code: 'INTERNAL' } }] };
    return events([line('e1', { action: 'USER_LOCK', target: 'jun' })]);
  });
  const older = await screen.findByRole('button', { name: 'Show older' });
  await userEvent.click(older);
  expect((await screen.findByRole('alert')).textContent).toContain('The older ones could not be loaded.');
  expect(screen.getAllByRole('row')).toHaveLength(3);
  refuse = false;
  await userEvent.click(older);
  await screen.findByText('Account locked');
  expect(asked.at(-1)?.variables).toEqual({ filter: {}, after: 'c2' });
  expect(screen.getAllByRole('row')).toHaveLength(4);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Show older' })).toBeNull();
});

it('chooses acts one by one and by kind, and exports the same', async () => {
  const asked = open({}, () => events(newest));
  const button = await screen.findByRole('button', { name: 'What was done: Anything' });
  button.focus();
  await userEvent.keyboard('{Enter}');
  const dialog = await screen.findByRole('dialog', { name: 'What was done: Anything' });
  const pages = within(dialog).getByRole<HTMLInputElement>('checkbox', { name: 'Pages' });
  await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Edited a page' }));
  expect(pages.indeterminate).toBe(true);
  await userEvent.click(pages);
  expect(pages.checked).toBe(true);
  expect(searched.map(({ actions }) => actions?.length)).toEqual([1, kinds.pages.length]);
  const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(document.activeElement).toBe(button));
  expect(button.textContent).toBe('Pages');
  const filter = asked.at(-1)?.variables.filter as { actions: string[] };
  expect([...filter.actions].sort()).toEqual([...kinds.pages].sort());
  const csv = screen.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
  expect(new URL(String(csv), 'http://x').searchParams.get('actions')?.split(',')).toEqual(filter.actions);
});

it('quotes the filter that nothing matches, says how many there are without it, and clears it', async () => {
  open({ q: 'grafana', outcome: 'DENIED', actor: 'u1' }, ({ filter }) =>
    events(Object.keys(filter as object).length ? [] : newest),
  );
  expect(await screen.findByText(/“grafana” · Denied · By Seo Mina/)).toBeDefined();
  expect(await screen.findByText(/there are 42 events/)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
  expect(await screen.findAllByRole('row')).toHaveLength(3);
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('');
});

it('shows whose acts are shown, and everybody’s again', async () => {
  open({ actor: 'u1', q: 'x' }, () => events(newest));
  await screen.findByText('By Seo Mina');
  await userEvent.click(screen.getByRole('button', { name: 'Show everybody' }));
  expect(searched).toEqual([{ actor: undefined, q: 'x' }]);
  expect(screen.queryByText('By Seo Mina')).toBeNull();
});
