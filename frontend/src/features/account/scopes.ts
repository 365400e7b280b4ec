import type { TokenScope } from '~/gql/graphql';
import type { Messages } from '~/locales/en';

export type Area = keyof Messages['account']['tokens']['areas'];
type Row = { area: Area; read: TokenScope; write?: TokenScope; admin?: true };

/** By area, as they are ticked. A token may never do more than its owner: what only admins may do is not offered. */
const rows: Row[] = [
  { area: 'ACCOUNT', read: 'ACCOUNT_READ' },
  { area: 'BOARDS', read: 'BOARDS_READ', write: 'BOARDS_WRITE' },
  { area: 'CLUSTER', read: 'CLUSTER_READ' },
  { area: 'ALERTS', read: 'ALERTS_READ', write: 'ALERTS_WRITE' },
  { area: 'PAGES', read: 'PAGES_READ', write: 'PAGES_WRITE' },
  { area: 'USERS', read: 'USERS_READ', write: 'USERS_WRITE', admin: true },
  { area: 'AUDIT', read: 'AUDIT_READ', admin: true },
];

export const areasFor = (isAdmin: boolean) =>
  rows
    .filter((row) => isAdmin || !row.admin)
    .map(({ area, read, write }) => ({ area, read, write: area === 'PAGES' && !isAdmin ? undefined : write }));

/** What a token may do, as one phrase for each area. */
export function inWords(scopes: readonly TokenScope[], words: Messages['account']['tokens']) {
  return rows.flatMap(({ area, read, write }) => {
    const name = words.areas[area];
    const writes = write && scopes.includes(write);
    if (scopes.includes(read)) return writes ? words.canWrite(name) : words.canRead(name);
    return writes ? words.onlyWrite(name) : [];
  });
}
