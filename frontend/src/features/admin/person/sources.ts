import type { Right } from '~/gql/graphql';
import type { PageName, Person } from './person';

/** Where a right comes from, the plainest first; names of groups are told, the rest is a word. */
export type Source = 'own' | 'role' | 'everyone' | { group: string };
export type Allowed = { key: string; what: { page: string } | { right: Right }; from: Source[] };

/** All somebody may do and open, each with where it comes from: what is to be taken away must be taken there. */
export function allowed(person: Person, pages: readonly PageName[]): Allowed[] {
  const { access, grants, groups, role } = person;
  const from = (isGiven: (box: { pages: string[]; rights: Right[] }) => boolean, everyone = false): Source[] => [
    ...(grants && isGiven(grants) ? ['own' as const] : []),
    ...(groups ?? []).filter((group) => isGiven(group.grants)).map(({ name }) => ({ group: name })),
    ...(everyone ? ['everyone' as const] : []),
    ...(role === 'ADMIN' ? ['role' as const] : []),
  ];
  const rights = (access?.rights ?? []).map((right) => ({
    key: right,
    what: { right },
    from: from((box) => box.rights.includes(right)),
  }));
  const named = pages
    .filter((page) => access?.pages.includes(page.id))
    .map(({ id, name, forEveryone }) => ({
      key: id,
      what: { page: name },
      from: from((box) => box.pages.includes(id), forEveryone),
    }));
  return [...rights, ...named];
}
