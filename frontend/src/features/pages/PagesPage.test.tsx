import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { PagesPage } from './PagesPage';

const page = (name: string, more: object = {}) => ({
  id: `p-${name}`,
  name,
  url: `https://${name.toLowerCase()}.lab.test/`,
  icon: 'box',
  category: 'Watching',
  description: '',
  position: 0,
  forEveryone: false,
  runsIn: null,
  probed: true,
  health: 'UP',
  healthSince: '2026-01-01T00:00:00Z',
  problem: null,
  discoveredFrom: null,
  version: 3,
  ...more,
});

/** `refuse` answers the first change; all later ones are accepted. */
async function open(nodes: object[], refuse?: object) {
  const pages = { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
  let faults = refuse ? [refuse] : [];
  const asked = stubServer((query) => {
    const name = /(createPage|updatePage|deletePage)\(/.exec(query)?.[1];
    if (!name) return { data: { pages } };
    const errors = faults;
    faults = [];
    return { data: { [name]: { errors } } };
  });
  renderApp(<PagesPage q="" onFilter={() => undefined} />);
  const changes = () => asked.filter(({ query }) => query.includes('mutation'));
  return { pages, sent: () => changes().map(({ variables }) => variables.input) };
}
const choose = async (name: string, item: string) => {
  await userEvent.click(await screen.findByRole('button', { name: `Acts for ${name}` }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  return within(await screen.findByRole('dialog'));
};

it('lists pages with their health, and what the last probe met', async () => {
  await open([
    page('Grafana', { health: 'DOWN', problem: 'HTTP 502' }),
    page('Loki', { discoveredFrom: 'homelab/Ingress lab/loki', forEveryone: true }),
    page('Router', { health: 'UNKNOWN', healthSince: null, probed: false }),
  ]);
  await screen.findByText('Grafana');
  const [, grafana, loki, router] = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(grafana).toMatch(/Down since 1 Jan.*HTTP 502/);
  expect(loki).toMatch(/homelab\/Ingress lab\/loki.*Up since 1 Jan.*everybody/);
  expect(router).toContain('Not probed');
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

it('adds a page, after saying what is missing', async () => {
  const { sent } = await open([]);
  await userEvent.click(screen.getAllByRole('button', { name: 'Add a page' })[0] as HTMLElement);
  const dialog = within(await screen.findByRole('dialog'));
  const name = await dialog.findByLabelText('Name');
  await vi.waitFor(() => expect(document.activeElement).toBe(name));
  await userEvent.click(dialog.getByRole('button', { name: 'Add a page' }));
  expect(dialog.getByText('Enter a name.')).toBeTruthy();
  await userEvent.type(name, 'Gitea');
  await userEvent.type(dialog.getByLabelText('URL'), 'https://git.lab.test');
  await userEvent.selectOptions(dialog.getByLabelText('Icon'), 'brand-git');
  await userEvent.type(dialog.getByLabelText('Category (may be left out)'), 'Code');
  await userEvent.click(dialog.getByLabelText('Open to everybody who is signed in'));
  await userEvent.click(dialog.getByRole('button', { name: 'Add a page' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent()).toEqual([
    {
      name: 'Gitea',
      url: 'https://git.lab.test',
      icon: 'brand-git',
      category: 'Code',
      description: '',
      position: 0,
      runsIn: '',
      forEveryone: true,
      probed: true,
    },
  ]);
});

it('saves against the version that was seen, and after a conflict looks again', async () => {
  const conflict = { message: 'x', code: 'CONFLICT', path: ['input', 'expectedVersion'] };
  const { pages, sent } = await open([page('Grafana')], conflict);
  const dialog = await choose('Grafana', 'Edit');
  await userEvent.type(dialog.getByLabelText('One line about it (may be left out)'), 'mine');
  pages.nodes = [page('Grafana', { description: 'theirs', version: 4 })];
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('Somebody else edited this page');
  await userEvent.click(dialog.getByRole('button', { name: 'Look again' }));
  await dialog.findByDisplayValue('theirs');
  expect(dialog.queryByRole('alert')).toBeNull();
  expect(document.activeElement).toBe(dialog.getByLabelText('Name'));
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent()).toMatchObject([
    { expectedVersion: 3, description: 'mine' },
    { expectedVersion: 4, description: 'theirs' },
  ]);
});

it('does not take a newer version for the one that was seen', async () => {
  const { pages, sent } = await open([page('Grafana'), page('Loki')]);
  const dialog = await choose('Grafana', 'Edit');
  // Somebody else saves; the list behind the dialog is read again before this one is sent.
  pages.nodes = [page('Grafana', { category: 'News', version: 4 })];
  window.dispatchEvent(new Event('visibilitychange'));
  await waitFor(() => expect(screen.queryByText('Loki')).toBeNull());
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(sent()).toMatchObject([{ expectedVersion: 3 }]));
});

it('edits of a found page only what its source does not say, and does not remove it', async () => {
  const { sent } = await open([page('Loki', { discoveredFrom: 'homelab/Ingress lab/loki' })]);
  await userEvent.click(await screen.findByRole('button', { name: 'Acts for Loki' }));
  const items = await screen.findAllByRole('menuitem');
  expect(items.map(({ textContent }) => textContent)).toEqual(['Edit']);
  await userEvent.click(items[0] as HTMLElement);
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/^Found at homelab\/Ingress lab\/loki/)).toBeTruthy();
  expect(dialog.queryByLabelText('Name')).toBeNull();
  await userEvent.click(dialog.getByLabelText('Look every minute whether it answers'));
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  const only = { id: 'p-Loki', expectedVersion: 3, position: 0, runsIn: '', forEveryone: false, probed: false };
  await vi.waitFor(() => expect(sent()).toEqual([only]));
});

it('removes a page after asking', async () => {
  const { sent } = await open([page('Grafana')]);
  const dialog = await choose('Grafana', 'Remove');
  expect(dialog.getByText(/Its boxes go with it/)).toBeTruthy();
  expect(sent()).toEqual([]);
  await userEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  await vi.waitFor(() => expect(sent()).toEqual([{ id: 'p-Grafana' }]));
});
