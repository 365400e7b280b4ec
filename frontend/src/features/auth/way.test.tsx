import { RouterProvider } from '@tanstack/react-router';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { queryClient, router } from '~/app/router';
import { renderApp, stubServer } from '~/lib/testSetup';

const server = { name: 'Harbor Lab', version: '1', demo: false, passwordMinLength: 12 };
const rd = 'https://grafana.lab.test/d/1?a=b&c';
const back = `/authz/return?rd=${encodeURIComponent(rd)}`;
const user = { id: 'u1', username: 'mina', displayName: 'Seo Mina', role: 'MEMBER' };

let went: string[];
beforeEach(() => {
  went = [];
  queryClient.clear();
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
  vi.stubGlobal('scrollTo', () => undefined);
});

async function open(answer: (query: string) => unknown) {
  stubServer((query) => (query.includes('server {') ? { data: { server } } : answer(query)));
  // Not waited for: the router shared by the tests settles only once it is rendered.
  void router.navigate({ to: '/sign-in', search: { rd } });
  renderApp(<RouterProvider router={router} />);
}
async function signIn() {
  await userEvent.type(await screen.findByLabelText('Name'), 'mina');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

it('leads back to the page that asked, once signed in', async () => {
  await open((query) =>
    query.includes('signIn')
      ? { data: { signIn: { viewer: { mustChangePassword: false }, errors: [] } } }
      : { data: { viewer: null } },
  );
  await signIn();
  await vi.waitFor(() => expect(went).toEqual([back]));
});

it('leads back at once whoever is signed in already', async () => {
  await open(() => ({ data: { viewer: { mustChangePassword: false, user } } }));
  await vi.waitFor(() => expect(went).toEqual([back]));
});

it('still leads back after a forced change of password', async () => {
  let signedIn = false;
  await open((query) => {
    if (query.includes('signIn')) {
      signedIn = true;
      return { data: { signIn: { viewer: { mustChangePassword: true }, errors: [] } } };
    }
    if (query.includes('changePassword'))
      return { data: { changePassword: { viewer: { mustChangePassword: false }, errors: [] } } };
    return signedIn
      ? { errors: [{ message: 'x', extensions: { code: 'PASSWORD_CHANGE_REQUIRED' } }] }
      : { data: { viewer: null } };
  });
  await signIn();
  await userEvent.type(await screen.findByLabelText('Current password'), 'temporary');
  await userEvent.type(screen.getByLabelText('New password'), 'correct horse battery');
  await userEvent.type(screen.getByLabelText('New password, once more'), 'correct horse battery');
  expect(went).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  await vi.waitFor(() => expect(went).toEqual([back]));
});
