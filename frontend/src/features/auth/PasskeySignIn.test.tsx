import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { renderApp, stubPasskeys, stubServer } from '~/lib/testSetup';
import { SignIn } from './SignIn';

const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12, passkeys: true };
const request = { challenge: 'AQI', relyingParty: 'portal.test' };
const bytes = (...values: number[]) => new Uint8Array(values).buffer;
const signed = {
  rawId: bytes(1),
  response: {
    userHandle: bytes(2),
    clientDataJSON: bytes(3),
    authenticatorData: bytes(4),
    signature: bytes(5),
  },
};
const input = { credentialId: 'AQ', userHandle: 'Ag', clientData: 'Aw', authenticatorData: 'BA', signature: 'BQ' };

function open(finish: object, facts: object = server, get = vi.fn(async () => signed)) {
  const asked = stubServer((query) => {
    if (query.includes('finishPasskeySignIn')) return { data: { finishPasskeySignIn: finish } };
    if (query.includes('startPasskeySignIn')) return { data: { startPasskeySignIn: { request, errors: [] } } };
    return { data: { server: facts } };
  });
  stubPasskeys({ get });
  const onDone = vi.fn();
  renderApp(<SignIn onDone={onDone} />);
  return { asked, onDone };
}
const click = async () => userEvent.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }));

it('signs in with what the browser signed, without a name', async () => {
  const { asked, onDone } = open({ viewer: { mustChangePassword: true }, errors: [] });
  await click();
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledWith(true));
  expect(asked.at(-1)?.variables.input).toEqual(input);
});

it('says why not: the server’s sentence, or one for what the browser says', async () => {
  const message = 'This passkey was not taken: try again, or sign in with your password.';
  const get = vi.fn(async () => signed);
  const { onDone } = open({ viewer: null, errors: [{ message, code: 'UNAUTHENTICATED', path: null }] }, server, get);
  await click();
  expect((await screen.findByRole('alert')).textContent).toBe(message);
  get.mockRejectedValue(new DOMException('x', 'NotAllowedError'));
  await click();
  await vi.waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Nothing was chosen'));
  expect(onDone).not.toHaveBeenCalled();
});

it('is not offered where the server takes none', async () => {
  open({}, { ...server, passkeys: false });
  await screen.findByText('Porthole 1');
  expect(screen.queryByRole('button', { name: 'Sign in with a passkey' })).toBeNull();
});
