import type { List } from './list';
import type { ListSearch } from './search';

export const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the filter and the choices let a row through. */
export function matches<T extends { id: string }>({ choices, texts }: List<T>, row: T, search: ListSearch) {
  for (const { key, of } of choices) if (search[key] && of(row) !== search[key]) return false;
  const q = search.q?.toLowerCase();
  return !q || texts(row).some((each) => each?.toLowerCase().includes(q));
}

/** Whether it is in the part that is shown alone. */
export const shows = <T extends { id: string }>({ parts }: List<T>, row: T, show: ListSearch['show']) =>
  parts.find(({ value }) => value === show)?.holds(row) ?? true;

export function sorted<T extends { id: string }>({ columns, order }: List<T>, rows: T[], { sort, dir }: ListSearch) {
  const chosen = columns.find(({ key }) => key === sort)?.order;
  const list = [...rows].sort(chosen ? (a, b) => chosen(a, b) || order(a, b) : order);
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
