import { expect, it } from 'vitest';
import type { Health } from '~/gql/graphql';
import type { PodRow } from './podFeed';
import { keepInPlace, matches, shows, sorted } from './podOrder';

const pod = (name: string, health: Health, more: Partial<PodRow> = {}): PodRow => ({
  id: name,
  namespace: 'a',
  name,
  status: health,
  health,
  readyContainers: 1,
  totalContainers: 1,
  restarts: 0,
  createdAt: '2026-11-23T10:00:00Z',
  reason: null,
  lastRestartAt: null,
  node: null,
  owner: null,
  incident: null,
  ...more,
});
const names = (pods: PodRow[]) => pods.map(({ name }) => name);

it('puts the worst first, and what is finished among the running', () => {
  const pods = [
    pod('done', 'DONE'),
    pod('run', 'OK'),
    pod('start', 'PROGRESSING'),
    pod('who', 'UNKNOWN'),
    pod('warn', 'WARNING'),
    pod('bad', 'CRITICAL'),
  ];
  expect(names(sorted(pods, {}))).toEqual(['bad', 'warn', 'who', 'start', 'done', 'run']);
});

it('sorts by what the reader chose', () => {
  const pods = [pod('x', 'OK', { restarts: 2 }), pod('y', 'CRITICAL'), pod('z', 'OK', { restarts: 9 })];
  expect(names(sorted(pods, { sort: 'restarts', dir: 'desc' }))).toEqual(['z', 'x', 'y']);
});

it('filters by name, place and health', () => {
  const grafana = pod('Grafana-1', 'UNKNOWN', { namespace: 'monitoring', node: 'n1' });
  expect(matches(grafana, { q: 'graf', ns: 'monitoring', node: 'n1' })).toBe(true);
  expect(matches(grafana, { node: 'n2' })).toBe(false);
  expect(shows(grafana, 'look')).toBe(true);
  expect(shows(grafana, 'running')).toBe(false);
});

it('keeps the row under the pointer where it is', () => {
  expect(keepInPlace(['c', 'a', 'b'], ['a', 'b', 'c'], 'b')).toEqual(['c', 'b', 'a']);
  expect(keepInPlace(['a'], ['a', 'b'], 'b')).toEqual(['a']);
  expect(keepInPlace(['c', 'a'], ['a', 'c'], undefined)).toEqual(['c', 'a']);
});
