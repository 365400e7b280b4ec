import { expect, it } from 'vitest';
import { en } from '~/locales/en';
import { exportUrl, filterOf, kinds, wholeKind } from './audit';

it('sorts every action into exactly one kind', () => {
  const sorted = Object.values(kinds).flat();
  expect([...sorted].sort()).toEqual(Object.keys(en.audit.actions).sort());
});

it('takes whole days of the reader, the last one too', () => {
  const { since, until } = filterOf({ since: '2026-11-20', until: '2026-11-20' });
  expect(Date.parse(String(until)) - Date.parse(String(since))).toBe(24 * 60 * 60 * 1000);
});

it('knows a kind by what it holds, and nothing less', () => {
  expect(wholeKind([...kinds.pages].reverse())).toBe('pages');
  expect(wholeKind(kinds.pages.slice(1))).toBeUndefined();
  expect(wholeKind([])).toBeUndefined();
});

it('exports what is shown', () => {
  const url = new URL(
    exportUrl('csv', { q: 'a&b', actions: [...kinds.pages], outcome: 'DENIED', actor: 'X' }),
    'http://x',
  );
  expect(url.pathname).toBe('/export/audit.csv');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    search: 'a&b',
    outcome: 'DENIED',
    actor: 'X',
    actions: 'PAGE_CREATE,PAGE_UPDATE,PAGE_DELETE',
  });
});
