import { expect, it } from 'vitest';
import type { Health } from '~/gql/graphql';
import { en } from '~/locales/en';
import { healthParts, worstFirst } from '../health';
import type { List } from './list';
import { keepInPlace, matches, shows, sorted } from './order';

type Row = { id: string; name: string; namespace: string; health: Health; restarts: number };
const row = (name: string, health: Health, more: Partial<Row> = {}): Row => ({
  id: name,
  name,
  namespace: 'a',
  health,
  restarts: 0,
  ...more,
});
const list = {
  texts: ({ name }: Row) => [name],
  parts: healthParts(en.cluster, 'Running'),
  choices: [{ key: 'ns', label: '', all: '', of: ({ namespace }: Row) => namespace }],
  columns: [
    { key: 'restarts', head: '', slot: 'more', order: (a: Row, b: Row) => a.restarts - b.restarts, cell: () => null },
  ],
  order: worstFirst,
} as unknown as List<Row>;
const names = (rows: Row[]) => rows.map(({ name }) => name);

it('puts the worst first, and what is finished among the running', () => {
  const rows = [
    row('done', 'DONE'),
    row('run', 'OK'),
    row('start', 'PROGRESSING'),
    row('who', 'UNKNOWN'),
    row('warn', 'WARNING'),
    row('bad', 'CRITICAL'),
  ];
  expect(names(sorted(list, rows, {}))).toEqual(['bad', 'warn', 'who', 'start', 'done', 'run']);
});

it('sorts by what the reader chose, and among equals as usual', () => {
  const rows = [row('x', 'OK', { restarts: 2 }), row('y', 'CRITICAL'), row('z', 'OK', { restarts: 9 }), row('b', 'OK')];
  expect(names(sorted(list, rows, { sort: 'restarts', dir: 'desc' }))).toEqual(['z', 'x', 'b', 'y']);
  expect(names(sorted(list, rows, { sort: 'nonsense' }))).toEqual(['y', 'b', 'x', 'z']);
});

it('filters by text, place and health', () => {
  const grafana = row('Grafana-1', 'UNKNOWN', { namespace: 'monitoring' });
  expect(matches(list, grafana, { q: 'graf', ns: 'monitoring' })).toBe(true);
  expect(matches(list, grafana, { ns: 'other' })).toBe(false);
  expect(shows(list, grafana, 'look')).toBe(true);
  expect(shows(list, grafana, 'well')).toBe(false);
});

it('keeps the row under the pointer where it is', () => {
  expect(keepInPlace(['c', 'a', 'b'], ['a', 'b', 'c'], 'b')).toEqual(['c', 'b', 'a']);
  expect(keepInPlace(['a'], ['a', 'b'], 'b')).toEqual(['a']);
  expect(keepInPlace(['c', 'a'], ['a', 'c'], undefined)).toEqual(['c', 'a']);
});
