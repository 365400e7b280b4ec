import type { Right, TokenScope } from '~/gql/graphql';
import type { Messages } from '~/locales/en';

export type Area = keyof Messages['account']['tokens']['areas'];
/** What somebody must have for a scope to be of use. */
type Need = Right | 'ADMIN';
type Row = { area: Area; read: TokenScope; needs?: Need; write?: TokenScope; writeNeeds?: Need };

/** By area, as they are ticked. A token may never do more than its owner: what they may not do is not offered. */
const rows: Row[] = [
  { area: 'ACCOUNT', read: 'ACCOUNT_READ' },
  { area: 'BOARDS', read: 'BOARDS_READ', write: 'BOARDS_WRITE' },
  { area: 'CLUSTER', read: 'CLUSTER_READ', needs: 'CLUSTER_VIEW' },
  { area: 'LOGS', read: 'LOGS_READ', needs: 'LOGS_VIEW' },
  { area: 'ALERTS', read: 'ALERTS_READ', write: 'ALERTS_WRITE', writeNeeds: 'CHANNELS_MANAGE' },
  { area: 'PAGES', read: 'PAGES_READ', write: 'PAGES_WRITE', writeNeeds: 'ADMIN' },
  { area: 'USERS', read: 'USERS_READ', needs: 'ADMIN', write: 'USERS_WRITE' },
  { area: 'AUDIT', read: 'AUDIT_READ', needs: 'ADMIN' },
];

export function areasFor({ rights, isAdmin }: { rights: readonly Right[]; isAdmin: boolean }) {
  const has = (need?: Need) => !need || (need === 'ADMIN' ? isAdmin : rights.includes(need));
  return rows
    .filter(({ needs }) => has(needs))
    .map(({ area, read, write, writeNeeds }) => ({ area, read, write: has(writeNeeds) ? write : undefined }));
}

/** What a token may do, as one phrase for each area. */
export function inWords(scopes: readonly TokenScope[], words: Messages['account']['tokens']) {
  return rows.flatMap(({ area, read, write }) => {
    const name = words.areas[area];
    const writes = write && scopes.includes(write);
    if (scopes.includes(read)) return writes ? words.canWrite(name) : words.canRead(name);
    return writes ? words.onlyWrite(name) : [];
  });
}
