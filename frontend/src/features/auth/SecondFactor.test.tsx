import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { SignIn } from './SignIn';

const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const refused = (code: string, message: string) => ({
  data: { signIn: { viewer: null, errors: [{ message, code, path: [] }] } },
});
const asksCode = refused('SECOND_FACTOR_REQUIRED', 'Enter the code.');
/** Takes a password alone for a reason to ask, and answers codes with `answer`. */
const answers = (answer: unknown) => (query: string, variables: Record<string, unknown>) =>
  !query.includes('signIn') ? { data: { server } } : (variables.input as { code?: string }).code ? answer : asksCode;

async function toCode(answer: unknown) {
  const asked = stubServer(answers(answer));
  const onDone = vi.fn();
  const view = renderApp(<SignIn onDone={onDone} />);
  await userEvent.type(screen.getByLabelText('Name'), 'mina');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  const field = await screen.findByLabelText<HTMLInputElement>('Code of your authenticator');
  return { asked, onDone, field, ...view };
}

it('asks for the code in a second step, and sends it with the same name and password', async () => {
  const { asked, onDone, field, container } = await toCode({
    data: { signIn: { viewer: { mustChangePassword: false }, errors: [] } },
  });
  expect(document.activeElement).toBe(field);
  expect(field.inputMode).toBe('numeric');
  expect(field.autocomplete).toBe('one-time-code');
  expect(screen.queryByRole('alert')).toBeNull();
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await userEvent.keyboard('123 456{Enter}');
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledWith(false));
  const sent = asked.filter(({ query }) => query.includes('signIn')).map(({ variables }) => variables.input);
  const known = { username: 'mina', password: 'correct horse' };
  expect(sent).toEqual([known, { ...known, code: '123 456' }]);
});

it('stays at a wrong code, empties it and keeps the focus', async () => {
  const { field, onDone } = await toCode(refused('SECOND_FACTOR_REQUIRED', 'Not right.'));
  await userEvent.keyboard('000000{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('wait for the next one');
  await vi.waitFor(() => expect(field.value).toBe(''));
  expect(document.activeElement).toBe(field);
  expect(onDone).not.toHaveBeenCalled();
});

it('takes a recovery code instead', async () => {
  await toCode(asksCode);
  await userEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  const field = screen.getByLabelText<HTMLInputElement>('Recovery code');
  expect(field.inputMode).toBe('text');
  expect(document.activeElement).toBe(field);
});

it('returns to the password, on its own and when the account was locked over it', async () => {
  await toCode(refused('FORBIDDEN', 'This account is locked.'));
  await userEvent.click(screen.getByRole('button', { name: 'Back' }));
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('mina');
  const password = screen.getByLabelText<HTMLInputElement>('Password');
  expect(password.value).toBe('');
  expect(document.activeElement).toBe(password);
  expect(screen.queryByRole('alert')).toBeNull();
  await userEvent.keyboard('correct horse{Enter}');
  await screen.findByLabelText('Code of your authenticator');
  await userEvent.keyboard('000000{Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe('This account is locked.');
  expect(screen.getByLabelText('Password')).toBeTruthy();
});
