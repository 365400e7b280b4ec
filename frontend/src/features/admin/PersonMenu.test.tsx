import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { renderApp, stubServer } from '~/lib/testSetup';
import { PersonMenu } from './PersonMenu';
import type { UserLine } from './people';

const mina = {
  id: 'u1',
  username: 'mina',
  displayName: 'Seo Mina',
  email: 'mina@lab.test',
  role: 'ADMIN',
  status: 'NORMAL',
  createdAt: '2026-01-01T00:00:00Z',
  lastSignInAt: null,
} as UserLine;
const conflict = { message: 'The server says so.', code: 'CONFLICT', path: ['input', 'id'] };
const open = async (item: string) => {
  await userEvent.click(screen.getByRole('button', { name: 'Acts for Seo Mina' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
};
const described = (field: HTMLElement) =>
  (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' ');

it('opens by key', async () => {
  renderApp(<PersonMenu user={mina} own={false} />);
  screen.getByRole('button', { name: 'Acts for Seo Mina' }).focus();
  await userEvent.keyboard('{Enter}');
  const items = await screen.findAllByRole('menuitem');
  expect(items.map((item) => item.textContent)).toEqual(['Edit', 'Issue new PW', 'Delete']);
});

it('offers nobody a new password for themselves: it would be gone with the session', async () => {
  renderApp(<PersonMenu user={mina} own />);
  await userEvent.click(screen.getByRole('button', { name: 'Acts for Seo Mina' }));
  const items = await screen.findAllByRole('menuitem');
  expect(items.map((item) => item.textContent)).toEqual(['Edit', 'Delete']);
});

it('says at the role that the last admin stays one', async () => {
  const asked = stubServer(() => ({ data: { updateUser: { user: null, errors: [conflict] } } }));
  renderApp(<PersonMenu user={mina} own={false} />);
  await open('Edit');
  const role = await screen.findByLabelText('Role');
  await userEvent.selectOptions(role, 'MEMBER');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(described(role)).toContain('This is the last admin.'));
  expect(asked[0]?.variables).toEqual({ input: { id: 'u1', role: 'MEMBER' } });
  expect(screen.queryByText('The server says so.')).toBeNull();
});

it('says at the mail address what is wrong with it', async () => {
  const fault = { message: 'Enter a mail address.', code: 'BAD_INPUT', path: ['input', 'email'] };
  stubServer(() => ({ data: { updateUser: { user: null, errors: [fault] } } }));
  renderApp(<PersonMenu user={mina} own={false} />);
  await open('Edit');
  const email = await screen.findByLabelText('Mail address (may be left out)');
  await userEvent.type(email, '!');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(described(email)).toContain('Enter a mail address.'));
});

it('deletes only after the name to sign in with was typed, and says why it did not', async () => {
  const asked = stubServer(() => ({ data: { deleteUser: { deletedId: null, errors: [conflict] } } }));
  renderApp(<PersonMenu user={mina} own={false} />);
  await open('Delete');
  const typed = await screen.findByLabelText('Type “mina” to confirm');
  const sure = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' });
  await userEvent.type(typed, 'min{Enter}');
  expect(sure.disabled).toBe(true);
  expect(asked).toEqual([]);
  await userEvent.type(typed, 'a');
  await userEvent.click(sure);
  expect((await screen.findByRole('alert')).textContent).toContain('This is the last admin.');
  expect(asked[0]?.variables).toEqual({ input: { id: 'u1' } });
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
