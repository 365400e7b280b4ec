import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { AccountPage } from './AccountPage';

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const at = '2026-01-01T09:00:00Z';
const session = { address: '10.0.0.7', createdAt: at, lastSeenAt: at };
const token = {
  id: 't1',
  name: 'backup',
  hint: 'phl_aB3d',
  scopes: ['BOARDS_READ', 'BOARDS_WRITE', 'CLUSTER_READ'],
  createdAt: at,
  expiresAt: '2099-01-01T00:00:00Z',
  lastUsedAt: null,
  lastUsedFrom: null,
  budget: { limit: 10_000, remaining: 9_940, resetAt: at },
};
const mina = {
  id: 'u1',
  username: 'mina',
  displayName: 'Seo Mina',
  role: 'ADMIN',
  sessions: [
    { ...session, id: 's1', current: true, userAgent: chrome },
    { ...session, id: 's2', current: false, userAgent: 'curl/8.11.0' },
  ],
  apiTokens: [token],
  twoFactor: { enabledAt: null as string | null, recoveryCodesLeft: 0 },
};
const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const codes = ['aaaa-1111', 'bbbb-2222'];

/** Answers with `user`, and mutations with what `given` says. */
function open(user: object, given: Record<string, unknown> = {}) {
  const asked = stubServer((query) => {
    const name = Object.keys(given).find((key) => query.includes(`${key}(`));
    if (name) return { data: { [name]: { errors: [], ...(given[name] as object) } } };
    return query.includes('server {')
      ? { data: { server } }
      : { data: { viewer: { mustChangePassword: false, user } } };
  });
  const router = createRouter({
    routeTree: createRootRoute({ component: AccountPage }),
    history: createMemoryHistory(),
  });
  const view = renderApp(<RouterProvider router={router as never} />);
  const sent = (name: string) =>
    asked.filter(({ query }) => query.includes(`${name}(`)).map(({ variables }) => variables.input);
  return { asked, sent, ...view };
}
const click = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));
const refused = (field: string, message: string) => ({
  errors: [{ message, code: 'BAD_USER_INPUT', path: ['input', field] }],
});

it('turns the second factor on: password, QR code and secret, code, then the recovery codes', async () => {
  const { sent } = open(mina, {
    startTwoFactor: { otpauthUri: 'otpauth://totp/Porthole:mina?secret=ABCDEFGHIJ', secret: 'ABCDEFGHIJ' },
    confirmTwoFactor: { recoveryCodes: codes },
  });
  await click('Turn on');
  const password = await screen.findByLabelText('Your password');
  await userEvent.type(password, 'correct horse{Enter}');
  expect(await screen.findByRole('img', { name: /QR code/ })).toBeTruthy();
  expect(screen.getByText('ABCD EFGH IJ')).toBeTruthy();
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Code that it shows')));
  await userEvent.keyboard('123 456{Enter}');
  const list = await screen.findByRole('list', { name: 'Recovery codes' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(codes);
  expect(sent('startTwoFactor')).toEqual([{ password: 'correct horse' }]);
  expect(sent('confirmTwoFactor')).toEqual([{ code: '123 456' }]);
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  expect(screen.getByRole('list', { name: 'Recovery codes' })).toBeTruthy();
  await click('I have kept them');
  await vi.waitFor(() => expect(screen.queryByRole('list', { name: 'Recovery codes' })).toBeNull());
});

it('warns of few recovery codes, and says at the field that the password is wrong', async () => {
  const on = { ...mina, twoFactor: { enabledAt: at, recoveryCodesLeft: 2 } };
  const { sent } = open(on, { disableTwoFactor: refused('password', 'This is not your password.') });
  expect(await screen.findByText(/Only 2 recovery codes left/)).toBeTruthy();
  await click('Turn off');
  const field = await screen.findByLabelText('Your password');
  await userEvent.type(field, 'wrong{Enter}');
  await vi.waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toContain('not your');
  expect(sent('disableTwoFactor')).toEqual([{ user: 'u1', password: 'wrong' }]);
});

it('tells browsers apart, and ends any but this one', async () => {
  const { sent } = open(mina, { endSession: { endedId: 's2' }, endSessions: { user: { id: 'u1' } } });
  const section = await screen.findByRole('region', { name: 'Sessions' });
  const [own, other] = within(section).getAllByText(/Chrome on Linux|curl/);
  expect(own?.parentElement?.textContent).toContain('This browser');
  expect(other?.textContent).toBe('curl/8.11.0');
  expect(within(section).queryByRole('button', { name: /Chrome/ })).toBeNull();
  await click('End the session: curl/8.11.0');
  await click('End all others');
  await vi.waitFor(() => expect(sent('endSessions')).toEqual([{ user: 'u1' }]));
  expect(sent('endSession')).toEqual([{ id: 's2' }]);
});

it('makes a token with the scopes ticked, and shows its secret once', async () => {
  const { sent } = open(mina, {
    createApiToken: { apiToken: { id: 't2', name: 'watch' }, secret: 'phl_verysecret' },
  });
  await click('New token');
  await userEvent.type(await screen.findByLabelText('Name'), 'watch');
  await click('Make the token');
  expect(screen.getByText('Tick at least one.')).toBeTruthy();
  expect(sent('createApiToken')).toEqual([]);
  const boards = within(screen.getByRole('group', { name: 'Notices and requests' }));
  await userEvent.click(boards.getByLabelText('Read'));
  await userEvent.click(boards.getByLabelText('Write'));
  await userEvent.click(within(screen.getByRole('group', { name: 'Audit log' })).getByLabelText('Read'));
  await userEvent.click(boards.getByLabelText('Read'));
  await userEvent.selectOptions(screen.getByLabelText('Works for'), '365 days');
  await click('Make the token');
  expect((await screen.findByLabelText('Token')).textContent).toBe('phl_verysecret');
  expect(sent('createApiToken')).toEqual([
    { name: 'watch', scopes: ['BOARDS_WRITE', 'AUDIT_READ'], expiresInDays: 365 },
  ]);
});

it('says what a token may do and has left, and revokes it after asking', async () => {
  const { sent } = open(mina, { revokeApiToken: { revokedId: 't1' } });
  const section = await screen.findByRole('region', { name: 'API tokens' });
  expect(section.textContent).toContain('Notices and requests: read, write · Cluster: read');
  expect(section.textContent).toContain('9,940 of 10,000 points left this hour');
  await click('Revoke backup');
  expect(sent('revokeApiToken')).toEqual([]);
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Revoke' }));
  await vi.waitFor(() => expect(sent('revokeApiToken')).toEqual([{ id: 't1' }]));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
