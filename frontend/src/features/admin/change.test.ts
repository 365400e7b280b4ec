import { expect, it } from 'vitest';
import { Refused } from '~/lib/graphql';
import { changes, isConflict } from './change';
import type { UserLine } from './people';

const mina: UserLine = {
  __typename: 'User',
  id: 'u1',
  username: 'mina',
  displayName: 'Mina',
  email: null,
  role: 'MEMBER',
  status: 'NORMAL',
  createdAt: '2026-01-01T00:00:00Z',
  lastSignInAt: null,
} as UserLine;

it('sends nothing when nothing differs, spaces aside', () => {
  expect(changes(mina, { displayName: ' Mina ', email: '  ', role: 'MEMBER' })).toBeUndefined();
});

it('sends only what differs', () => {
  expect(changes(mina, { displayName: 'Mina', email: 'm@lab.test', role: 'MEMBER' })).toEqual({
    id: 'u1',
    email: 'm@lab.test',
  });
  expect(changes(mina, { displayName: 'Seo', email: '', role: 'ADMIN' })).toEqual({
    id: 'u1',
    displayName: 'Seo',
    role: 'ADMIN',
  });
});

it('removes an address by emptying it', () => {
  const before = { ...mina, email: 'm@lab.test' };
  expect(changes(before, { displayName: 'Mina', email: '', role: 'MEMBER' })).toEqual({ id: 'u1', email: '' });
});

it('knows a conflict from other refusals', () => {
  expect(isConflict(new Refused([{ message: 'x', code: 'CONFLICT', path: ['input', 'id'] }]))).toBe(true);
  expect(isConflict(new Refused([{ message: 'x', code: 'NOT_FOUND' }]))).toBe(false);
  expect(isConflict(new Error('x'))).toBe(false);
});
