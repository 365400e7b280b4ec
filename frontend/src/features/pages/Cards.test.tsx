import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, fireEvent, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import type { PageRow } from './pageFeed';

// A feed stays open a moment after its page: tests of one language share it, and begin with a snapshot.
const streams = vi.hoisted(() => new Map<string, (change: object) => void>());
vi.mock('~/lib/live', () => ({
  subscribe: (_document: unknown, { locale }: { locale: string }, sink: { next(data: object): void }) => {
    streams.set(locale, (pageChanges) => sink.next({ pageChanges }));
    return () => streams.delete(locale);
  },
}));
const { Cards } = await import('./Cards');

const page = (name: string, more: object = {}) =>
  ({
    id: name,
    name,
    url: `https://${name.toLowerCase()}.lab.test/`,
    icon: null,
    category: 'Watching',
    description: '',
    position: 0,
    health: 'UP',
    healthSince: '2026-01-01T00:00:00Z',
    probed: true,
    incidents: [],
    ...more,
  }) as PageRow;
const incident = { number: 7, severity: 'WARNING' as const, title: 'Nextcloud’s certificate is not renewing' };

async function open({ role = 'MEMBER', rights = ['CLUSTER_VIEW'], locale = 'en' as 'en' | 'ko' } = {}) {
  const user = { id: 'u1', username: 'yuna', displayName: 'Choi Yuna', role };
  stubServer(() => ({ data: { viewer: { mustChangePassword: false, rights, user } } }));
  const router = createRouter({ routeTree: createRootRoute({ component: Cards }), history: createMemoryHistory() });
  return renderApp(<RouterProvider router={router as never} />, locale).container;
}
const push = (change: object, locale = 'EN') => act(async () => streams.get(locale)?.(change));
const snapshot = async (items: PageRow[], locale = 'EN') => {
  await vi.waitFor(() => expect([...streams.keys()]).toContain(locale));
  await push({ items, cursor: 'c' }, locale);
};
const card = async (name: string) => {
  const link = await screen.findByRole('link', { name });
  return within(link.closest('li') as HTMLElement);
};
beforeEach(() => vi.stubGlobal('scrollTo', () => undefined));

it('shows pages under their headings, in their places, as links in the same tab', async () => {
  await open();
  await snapshot([
    page('Loki', { position: 2 }),
    page('Grafana', { position: 1, description: 'Dashboards' }),
    page('Gitea', { category: 'Code' }),
  ]);
  const link = await screen.findByRole('link', { name: 'Grafana' });
  expect(link.getAttribute('href')).toBe('https://grafana.lab.test/');
  expect(link.getAttribute('rel')).toBe('noreferrer');
  expect(link.hasAttribute('target')).toBe(false);
  expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(['Code', 'Watching']);
  const names = within(screen.getByRole('region', { name: 'Watching' })).getAllByRole('link');
  expect(names.map(({ textContent }) => textContent)).toEqual(['Grafana', 'Loki']);
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'heading-order': { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('says how each page is: up, down since when, its incident, or that nothing is known', async () => {
  await open();
  await snapshot([
    page('Loki'),
    page('Grafana', { health: 'DOWN', incidents: [incident] }),
    page('Nextcloud', { incidents: [incident] }),
    page('Wiki', { health: 'UNKNOWN', healthSince: null }),
    page('Router', { health: 'UNKNOWN', healthSince: null, probed: false }),
  ]);
  expect((await card('Loki')).getByText('Up')).toBeTruthy();
  expect((await card('Grafana')).getByText(/^Down since/).textContent).toMatch(/Down since 1 Jan/);
  const story = (await card('Nextcloud')).getByRole('link', { name: incident.title });
  expect(story.getAttribute('href')).toBe('/incidents/7');
  expect((await card('Wiki')).getByText('No data yet')).toBeTruthy();
  expect((await card('Router')).queryByText('No data yet')).toBeNull();
  await push({ object: page('Loki', { health: 'DOWN' }) });
  await vi.waitFor(async () => expect((await card('Loki')).getByText(/^Down since/)).toBeTruthy(), 3000);
});

it('leads to the story whoever may open the page, also without seeing the cluster', async () => {
  await open({ rights: [] });
  await snapshot([page('Nextcloud', { incidents: [incident] })]);
  const story = (await card('Nextcloud')).getByRole('link', { name: incident.title });
  expect(story.getAttribute('href')).toBe('/incidents/7');
});

it('shows a letter when the picture does not come, and asks for it without saying from where', async () => {
  const container = await open();
  await snapshot([page('Grafana', { icon: 'https://pictures.lab.test/grafana.png' })]);
  await screen.findByRole('link', { name: 'Grafana' });
  const picture = container.querySelector('img') as HTMLImageElement;
  expect(picture.getAttribute('referrerpolicy')).toBe('no-referrer');
  expect(picture.alt).toBe('');
  fireEvent.error(picture);
  expect(container.querySelector('img')).toBeNull();
  expect(screen.getByText('G')).toBeTruthy();
});

it('says why there is nothing', async () => {
  await open();
  await snapshot([]);
  expect(await screen.findByText('No page is open to you yet.')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Add a page' })).toBeNull();
});

it('lets an admin add the first page', async () => {
  await open({ role: 'ADMIN', locale: 'ko' });
  await snapshot([], 'KO');
  expect((await screen.findByRole('link', { name: '페이지 추가' })).getAttribute('href')).toBe('/pages');
});
