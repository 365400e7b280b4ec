import { graphql } from '~/gql';
import type { AuditAction, AuditEventsQuery, AuditFilter, AuditOutcome } from '~/gql/graphql';
import { execute } from '~/lib/graphql';

const AuditEvents = graphql(`
  query AuditEvents($filter: AuditFilter, $after: String) {
    auditEvents(filter: $filter, first: 50, after: $after) {
      nodes {
        id at action outcome actor token address target detail requestId
        actorUser { id displayName }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const AuditTotal = graphql(`query AuditTotal { auditEvents(first: 1) { totalCount } }`);
const ActorName = graphql(`
  query ActorName($id: ID!) { node(id: $id) { __typename ... on User { displayName } } }
`);

export type AuditLine = AuditEventsQuery['auditEvents']['nodes'][number];
export const loadEvents = (filter: AuditFilter, after?: string) =>
  execute(AuditEvents, { filter, after: after ?? null });
export const loadTotal = async () => (await execute(AuditTotal)).auditEvents.totalCount;
export const loadActor = async (id: string) => {
  const { node } = await execute(ActorName, { id });
  return node?.__typename === 'User' ? node.displayName : undefined;
};

/** As they stand together in the filter; every action is in exactly one. */
export const kinds = {
  sessions: [
    'SIGN_IN',
    'PASSKEY_SIGN_IN',
    'SIGN_OUT',
    'SESSION_END',
    'REFRESH_REUSED',
    'PASSWORD_CHANGE',
    'PASSWORD_RESET_REQUEST',
  ],
  proof: [
    'TWO_FACTOR_ENABLE',
    'TWO_FACTOR_DISABLE',
    'RECOVERY_CODE_USE',
    'RECOVERY_CODES_RENEW',
    'PASSKEY_ADD',
    'PASSKEY_REMOVE',
    'TOKEN_CREATE',
    'TOKEN_REVOKE',
  ],
  accounts: ['USER_CREATE', 'USER_UPDATE', 'USER_DELETE', 'USER_LOCK', 'USER_UNLOCK', 'USER_TEMPORARY_PASSWORD'],
  access: [
    'ACCESS_GRANT',
    'ACCESS_REVOKE',
    'GROUP_CREATE',
    'GROUP_UPDATE',
    'GROUP_DELETE',
    'GROUP_MEMBER_ADD',
    'GROUP_MEMBER_REMOVE',
  ],
  pages: ['PAGE_CREATE', 'PAGE_UPDATE', 'PAGE_DELETE'],
  boards: [
    'CHANNEL_CREATE',
    'CHANNEL_UPDATE',
    'CHANNEL_DELETE',
    'CHANNEL_TEST',
    'DELIVERY_RETRY',
    'NOTICE_CREATE',
    'POST_DELETE',
    'COMMENT_DELETE',
  ],
  other: ['PAGE_OPEN', 'API_USE', 'AUDIT_EXPORT'],
} satisfies Record<string, AuditAction[]>;
export type Kind = keyof typeof kinds;

const all: readonly AuditAction[] = Object.values(kinds).flat();
export const isAction = (name: string): name is AuditAction => all.some((action) => action === name);

export const isWhole = (kind: Kind, chosen: ReadonlySet<AuditAction>) =>
  kinds[kind].every((action) => chosen.has(action));
/** The kind that is chosen exactly: it has a name of its own. */
export const wholeKind = (picked: readonly AuditAction[]) =>
  (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind].length === picked.length && isWhole(kind, new Set(picked)));

export type AuditSearch = {
  q?: string | undefined;
  actions?: AuditAction[] | undefined;
  outcome?: AuditOutcome | undefined;
  actor?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

/** The beginning of a day of the reader's calendar; a span ends where the day after its last one begins. */
function start(day: string, plus = 0) {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
}

export function filterOf({ q, actions, outcome, actor, since, until }: AuditSearch): AuditFilter {
  return {
    ...(q && { search: q }),
    ...(actions?.length && { actions }),
    ...(outcome && { outcome }),
    ...(actor && { actor }),
    ...(since && { since: start(since) }),
    ...(until && { until: start(until, 1) }),
  };
}

/** The same events as a file. */
export function exportUrl(format: 'csv' | 'jsonl', search: AuditSearch) {
  const { actions, ...rest } = filterOf(search);
  const parameters = new URLSearchParams(rest as Record<string, string>);
  if (actions) parameters.set('actions', actions.join(','));
  return `/export/audit.${format}?${parameters}`;
}
