import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { SignIn } from './SignIn';

const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const answers = (signIn: unknown) => (query: string) => (query.includes('signIn') ? signIn : { data: { server } });
const fill = async (name: string, password: string) => {
  if (name) await userEvent.type(screen.getByLabelText('Name'), name);
  if (password) await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
};

it('names what is missing, beside its field, and asks nothing of the server', async () => {
  const asked = stubServer(answers({}));
  renderApp(<SignIn onDone={vi.fn()} />);
  await fill('', '');
  const name = screen.getByLabelText('Name');
  expect(name.getAttribute('aria-invalid')).toBe('true');
  const note = document.getElementById(name.getAttribute('aria-describedby') ?? '');
  expect(note?.textContent).toBe('Enter your name.');
  expect(asked.some(({ query }) => query.includes('signIn'))).toBe(false);
});

it('shows the server’s one sentence for a wrong name or password, and empties the password', async () => {
  const message = 'The name or the password is not right.';
  stubServer(answers({ data: { signIn: { viewer: null, errors: [{ message, code: 'UNAUTHENTICATED', path: [] }] } } }));
  const onDone = vi.fn();
  renderApp(<SignIn onDone={onDone} />);
  await fill('mina', 'wrong');
  expect((await screen.findByRole('alert')).textContent).toBe(message);
  expect(screen.getByLabelText<HTMLInputElement>('Password').value).toBe('');
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('mina');
  expect(onDone).not.toHaveBeenCalled();
});

it('says how long to wait after too many tries', async () => {
  stubServer(answers({ errors: [{ message: 'x', extensions: { code: 'RATE_LIMITED', retryAfter: 42 } }] }));
  renderApp(<SignIn onDone={vi.fn()} />);
  await fill('mina', 'wrong');
  expect((await screen.findByRole('alert')).textContent).toContain('42 seconds');
});

it('goes on to the change of a temporary password', async () => {
  stubServer(answers({ data: { signIn: { viewer: { mustChangePassword: true }, errors: [] } } }));
  const onDone = vi.fn();
  renderApp(<SignIn onDone={onDone} />);
  await fill('mina', 'temporary');
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledWith(true));
});

it('speaks Korean and passes axe', async () => {
  stubServer(answers({}));
  const { container } = renderApp(<SignIn onDone={vi.fn()} />, 'ko');
  await userEvent.click(screen.getByRole('button', { name: '로그인' }));
  expect(screen.getByText('이름을 입력하세요.')).toBeTruthy();
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
