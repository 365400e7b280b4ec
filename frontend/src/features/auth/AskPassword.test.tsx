import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { SignIn } from './SignIn';

const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const answers = (reset: unknown) => (query: string) =>
  query.includes('requestPasswordReset') ? reset : { data: { server } };
const well = { data: { requestPasswordReset: { errors: [] } } };
const ask = async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Ask for a new password' }));
  await userEvent.click(screen.getByRole('button', { name: 'Ask' }));
};

it('takes over the name already typed, asks, and leads back', async () => {
  const asked = stubServer(answers(well));
  renderApp(<SignIn onDone={vi.fn()} />);
  await userEvent.type(screen.getByLabelText('Name'), 'mina ');
  await ask();
  const said = 'If this name exists, the admins have been asked.';
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe(said));
  const request = asked.find(({ query }) => query.includes('requestPasswordReset'));
  expect(request?.variables).toEqual({ input: { username: 'mina' } });
  const back = screen.getByRole('button', { name: 'Back to sign-in' });
  expect(document.activeElement).toBe(back);
  await userEvent.click(back);
  expect(screen.getByLabelText('Password')).toBeTruthy();
});

it('wants a name', async () => {
  const asked = stubServer(answers(well));
  renderApp(<SignIn onDone={vi.fn()} />);
  await ask();
  expect(screen.getByText('Enter your name.')).toBeTruthy();
  expect(asked.some(({ query }) => query.includes('requestPasswordReset'))).toBe(false);
});

it('says how long to wait after too many', async () => {
  stubServer(answers({ errors: [{ message: 'x', extensions: { code: 'RATE_LIMITED', retryAfter: 42 } }] }));
  renderApp(<SignIn onDone={vi.fn()} />);
  await userEvent.type(screen.getByLabelText('Name'), 'mina');
  await ask();
  expect((await screen.findByRole('alert')).textContent).toContain('42 seconds');
});

it('speaks Korean and passes axe', async () => {
  stubServer(answers(well));
  const { container } = renderApp(<SignIn onDone={vi.fn()} />, 'ko');
  await userEvent.click(screen.getByRole('button', { name: '새 비밀번호 요청' }));
  await userEvent.type(screen.getByLabelText('이름'), 'mina');
  await userEvent.click(screen.getByRole('button', { name: '요청' }));
  await screen.findByText('이 이름이 있으면 관리자에게 요청이 전달됩니다.');
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
