import { groupOf, weigh } from './health';
import type { PodRow } from './podFeed';

export type PodSearch = {
  q?: string | undefined;
  ns?: string | undefined;
  node?: string | undefined;
  show?: 'look' | 'way' | 'running' | undefined;
  sort?: 'namespace' | 'name' | 'restarts' | 'age' | undefined;
  dir?: 'asc' | 'desc' | undefined;
};

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: PodRow, b: PodRow) => text(a.namespace, b.namespace) || text(a.name, b.name);
const worstFirst = (a: PodRow, b: PodRow) => weigh(a.health) - weigh(b.health) || byName(a, b);

const orders = {
  namespace: byName,
  name: (a: PodRow, b: PodRow) => text(a.name, b.name) || byName(a, b),
  restarts: (a: PodRow, b: PodRow) => a.restarts - b.restarts || byName(a, b),
  age: (a: PodRow, b: PodRow) => text(b.createdAt, a.createdAt) || byName(a, b),
};

export const shows = (pod: PodRow, show: PodSearch['show']) =>
  !show || (show === 'running' ? pod.health === 'OK' : groupOf(pod.health) === show);

export function matches(pod: PodRow, { q, ns, node }: PodSearch) {
  if (ns && pod.namespace !== ns) return false;
  if (node && pod.node !== node) return false;
  return !q || pod.name.toLowerCase().includes(q.toLowerCase());
}

export function sorted(pods: PodRow[], { sort, dir }: PodSearch) {
  const list = [...pods].sort(sort ? orders[sort] : worstFirst);
  return dir === 'desc' ? list.reverse() : list;
}

/** The row under the pointer keeps its place: the new order is built around it. */
export function keepInPlace(next: string[], before: string[], held: string | undefined) {
  if (!held) return next;
  const place = before.indexOf(held);
  if (place < 0 || !next.includes(held)) return next;
  const rest = next.filter((id) => id !== held);
  rest.splice(Math.min(place, rest.length), 0, held);
  return rest;
}
