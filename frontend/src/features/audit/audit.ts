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
const ActorName = graphql(`
  query ActorName($id: ID!) { node(id: $id) { __typename ... on User { displayName } } }
`);

export type AuditLine = AuditEventsQuery['auditEvents']['nodes'][number];
export const loadEvents = (filter: AuditFilter, after?: string) =>
  execute(AuditEvents, { filter, after: after ?? null });
export const loadActor = async (id: string) => {
  const { node } = await execute(ActorName, { id });
  return node?.__typename === 'User' ? node.displayName : undefined;
};

/** What can be chosen together; every action is in exactly one. */
export const kinds = {
  sessions: ['SIGN_IN', 'SIGN_OUT', 'SESSION_END', 'REFRESH_REUSED', 'PASSWORD_CHANGE', 'PASSWORD_RESET_REQUEST'],
  proof: [
    'TWO_FACTOR_ENABLE',
    'TWO_FACTOR_DISABLE',
    'RECOVERY_CODE_USE',
    'RECOVERY_CODES_RENEW',
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
    'PAGE_OPEN',
    'API_USE',
  ],
  pages: ['PAGE_CREATE', 'PAGE_UPDATE', 'PAGE_DELETE'],
  channels: ['CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE', 'CHANNEL_TEST', 'DELIVERY_RETRY'],
  boards: ['NOTICE_CREATE', 'POST_DELETE', 'COMMENT_DELETE'],
  audit: ['AUDIT_EXPORT'],
} satisfies Record<string, AuditAction[]>;
export type Kind = keyof typeof kinds;

export type AuditSearch = {
  q?: string | undefined;
  kind?: Kind | undefined;
  outcome?: AuditOutcome | undefined;
  actor?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

const DAY = 24 * 60 * 60 * 1000;
/** A day of the reader's calendar as a moment; the end of a span is the day after it. */
const moment = (day: string, plus = 0) => new Date(Date.parse(`${day}T00:00:00`) + plus).toISOString();

export function filterOf({ q, kind, outcome, actor, since, until }: AuditSearch): AuditFilter {
  return {
    ...(q && { search: q }),
    ...(kind && { actions: kinds[kind] }),
    ...(outcome && { outcome }),
    ...(actor && { actor }),
    ...(since && { since: moment(since) }),
    ...(until && { until: moment(until, DAY) }),
  };
}

/** The same events as a file. */
export function exportUrl(format: 'csv' | 'jsonl', search: AuditSearch) {
  const { actions, ...rest } = filterOf(search);
  const parameters = new URLSearchParams(rest as Record<string, string>);
  if (actions) parameters.set('actions', actions.join(','));
  return `/export/audit.${format}?${parameters}`;
}
