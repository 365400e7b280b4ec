import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubPasskeys, stubServer } from '~/lib/testSetup';
import { Passkeys } from './Passkeys';

const at = '2026-01-01T09:00:00Z';
const phone = { id: 'k1', name: 'My phone', createdAt: at, lastUsedAt: null };
const creation = {
  challenge: '-_8',
  relyingParty: 'portal.test',
  relyingPartyName: 'Harbor Lab',
  userHandle: 'AQI',
  username: 'mina',
  displayName: 'Seo Mina',
  algorithms: [-7],
  exclude: ['Aw'],
};
const bytes = (...values: number[]) => new Uint8Array(values).buffer;

/** Shows the section where the server takes passkeys or not, and the browser's answer is `create`'s. */
async function open(given: Record<string, object>, { isOn = true, passkeys = [phone], create = vi.fn() } = {}) {
  const asked = stubServer((query) => {
    const name = Object.keys(given).find((key) => query.includes(`${key}(`));
    return name ? { data: { [name]: { errors: [], ...given[name] } } } : { data: { server: { passkeys: isOn } } };
  });
  stubPasskeys({ create });
  const view = renderApp(<Passkeys passkeys={passkeys} />);
  await vi.waitFor(() => expect(asked.length).toBe(1));
  const sent = (name: string) =>
    asked.filter(({ query }) => query.includes(`${name}(`)).map(({ variables }) => variables.input);
  return { sent, ...view };
}
const click = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));
const fillIn = async () => {
  await click('Add a passkey');
  await userEvent.type(await screen.findByLabelText('Name'), 'Laptop');
  await userEvent.type(screen.getByLabelText('Your password'), 'correct horse{Enter}');
};

it('adds one: name and password, then what the browser made', async () => {
  const create = vi.fn(async () => ({
    response: { clientDataJSON: bytes(0xfb, 0xff), attestationObject: bytes(0xa0) },
  }));
  const { sent } = await open(
    { startPasskeyRegistration: { creation }, finishPasskeyRegistration: { passkey: { id: 'k2' } } },
    { create },
  );
  await fillIn();
  await vi.waitFor(() => expect(sent('finishPasskeyRegistration')).toHaveLength(1));
  expect(sent('startPasskeyRegistration')).toEqual([{ password: 'correct horse' }]);
  expect(sent('finishPasskeyRegistration')).toEqual([{ name: 'Laptop', clientData: '-_8', attestationObject: 'oA' }]);
  const [options] = create.mock.calls[0] as unknown as [CredentialCreationOptions];
  const { publicKey } = options;
  expect([...new Uint8Array(publicKey?.challenge as ArrayBuffer)]).toEqual([0xfb, 0xff]);
  expect(publicKey?.rp).toEqual({ id: 'portal.test', name: 'Harbor Lab' });
  expect(publicKey?.authenticatorSelection?.userVerification).toBe('required');
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('says in words what the browser refused, and what the server refused at its field', async () => {
  const create = vi.fn(async () => {
    throw new DOMException('x', 'InvalidStateError');
  });
  await open({ startPasskeyRegistration: { creation } }, { create });
  await fillIn();
  expect((await screen.findByRole('alert')).textContent).toBe('This device has a passkey of yours already.');
  create.mockImplementation(async () => {
    throw new DOMException('x', 'NotAllowedError');
  });
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Nothing was chosen'));
  const errors = [{ message: 'This is not your password.', code: 'BAD_USER_INPUT', path: ['input', 'password'] }];
  stubServer(() => ({ data: { startPasskeyRegistration: { creation: null, errors } } }));
  await userEvent.keyboard('{Enter}');
  const field = screen.getByLabelText('Your password');
  await vi.waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('renames, and removes after asking for the password', async () => {
  const { sent } = await open({
    renamePasskey: { passkey: { id: 'k1' } },
    deletePasskey: { deletedId: 'k1' },
  });
  await click('Rename My phone');
  const name = await screen.findByLabelText('Name');
  await userEvent.clear(name);
  await userEvent.type(name, 'Old phone{Enter}');
  await vi.waitFor(() => expect(sent('renamePasskey')).toEqual([{ id: 'k1', name: 'Old phone' }]));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await click('Remove My phone');
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  expect(sent('deletePasskey')).toEqual([]);
  await userEvent.type(dialog.getByLabelText('Your password'), 'correct horse{Enter}');
  await vi.waitFor(() => expect(sent('deletePasskey')).toEqual([{ id: 'k1', password: 'correct horse' }]));
});

it('lets those be removed that are left where none are taken, and is not there without', async () => {
  const { unmount } = await open({}, { isOn: false });
  expect(await screen.findByRole('button', { name: 'Remove My phone' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Add a passkey' })).toBeNull();
  unmount();
  const { container } = await open({}, { isOn: false, passkeys: [] });
  expect(container.querySelector('section')).toBeNull();
});

it('passes axe', async () => {
  const { container } = await open({});
  await screen.findByText('My phone');
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
