import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { PeopleQuery, Right } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

const People = graphql(`
  query People($after: String) {
    users(first: 100, after: $after) {
      nodes { ...UserLine grants { pages rights } access { pages rights } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const Columns = graphql(`
  query AccessColumns($after: String) {
    pages(scope: ALL, first: 100, after: $after) {
      nodes { id name icon forEveryone category position }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const SetAccess = graphql(`
  mutation SetAccess($input: SetAccessInput!) { setAccess(input: $input) { errors { message code path } } }
`);

export type PersonRow = PeopleQuery['users']['nodes'][number];
export type Column =
  | { kind: 'right'; id: Right }
  | { kind: 'page'; id: string; name: string; icon: string | null; forEveryone?: boolean };
export const rights: Right[] = ['CLUSTER_VIEW', 'LOGS_VIEW', 'NOTICES_WRITE', 'CHANNELS_MANAGE'];

type Slice<T> = { nodes: T[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } };

/** Everything of a list: the grid is one picture, and a filter that sees half of it would lie. */
export async function all<T>(load: (after: string | null) => Promise<Slice<T>>) {
  const nodes: T[] = [];
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const slice: Slice<T> = await load(after);
    nodes.push(...slice.nodes);
    after = slice.pageInfo.hasNextPage ? slice.pageInfo.endCursor : undefined;
  }
  return nodes;
}

export const peopleQuery = queryOptions({
  queryKey: ['people', 'grid'],
  queryFn: () => all<PersonRow>(async (after) => (await execute(People, { after })).users),
});

export const columnsQuery = queryOptions({
  queryKey: ['pages', 'columns'],
  queryFn: async (): Promise<Column[]> => {
    const pages = await all(async (after) => (await execute(Columns, { after })).pages);
    return [
      ...rights.map((id) => ({ kind: 'right' as const, id })),
      ...pages.map(({ id, name, icon, forEveryone }) => ({
        kind: 'page' as const,
        id,
        name,
        icon: icon ?? null,
        forEveryone,
      })),
    ];
  },
});

/** Own: ticked here. Given: by a group, by the role, or because the page is open to everybody; not to be unticked here. */
export function box(person: PersonRow, column: Column): 'own' | 'given' | 'none' {
  const holds = (boxes: { pages: string[]; rights: Right[] } | null | undefined) =>
    column.kind === 'page' ? boxes?.pages.includes(column.id) : boxes?.rights.includes(column.id);
  if (person.role !== 'ADMIN' && holds(person.grants)) return 'own';
  return holds(person.access) ? 'given' : 'none';
}

const with_ = <T>(list: T[], item: T, there: boolean) =>
  there ? [...new Set([...list, item])] : list.filter((other) => other !== item);

/** The person as they will be. What is given besides stays when their own box goes. */
function ticked(person: PersonRow, column: Column, allowed: boolean, given: boolean): PersonRow {
  const change = (boxes: { pages: string[]; rights: Right[] } | null | undefined, there: boolean) => {
    const { pages = [], rights: held = [] } = boxes ?? {};
    return column.kind === 'page'
      ? { pages: with_(pages, column.id, there), rights: held }
      : { pages, rights: with_(held, column.id, there) };
  };
  return { ...person, grants: change(person.grants, allowed), access: change(person.access, allowed || given) };
}

function show(client: QueryClient, { holder, column, allowed, given = false }: Tick) {
  if (!('user' in holder)) return;
  client.setQueryData(peopleQuery.queryKey, (people) =>
    people?.map((person) => (person.id === holder.user ? ticked(person, column, allowed, given) : person)),
  );
}

export const objectOf = (column: Column) => (column.kind === 'page' ? { page: column.id } : { right: column.id });

/** Whose boxes. */
export type Holder = { user: string } | { group: string };

/** `given`: they have it besides, from a group or because it is open to everybody. */
export type Tick = { holder: Holder; column: Column; allowed: boolean; given?: boolean };

/** Ticks a box at once, and puts it back when the server says no. */
export function useTick() {
  const client = useQueryClient();
  return useMutation({
    // One after the other: on two ways to the server a tick and its undoing could overtake each other.
    scope: { id: 'tick' },
    mutationFn: async ({ holder, column, allowed }: Tick) =>
      accepted((await execute(SetAccess, { input: { holder, object: objectOf(column), allowed } })).setAccess),
    onMutate: async (tick) => {
      // What is being read now was true before this tick.
      await client.cancelQueries({ queryKey: peopleQuery.queryKey });
      show(client, tick);
    },
    onError: (_error, tick) => show(client, { ...tick, allowed: !tick.allowed }),
    onSettled: () => {
      // Several ticks in a row are one reading, after the last.
      if (client.isMutating({ mutationKey: ['tick'] }) <= 1) {
        void client.invalidateQueries({ queryKey: ['people'] });
        void client.invalidateQueries({ queryKey: ['groups'] });
      }
    },
    mutationKey: ['tick'],
  });
}
