import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { AuditPage } from '~/features/audit/AuditPage';
import { requireAdmin } from '~/features/auth/session';

const text = v.fallback(v.optional(v.string()), undefined);
const day = v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined);

export const Route = createFileRoute('/_auth/audit')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  validateSearch: v.object({
    q: text,
    kind: v.fallback(
      v.optional(v.picklist(['sessions', 'proof', 'accounts', 'access', 'pages', 'channels', 'boards', 'audit'])),
      undefined,
    ),
    outcome: v.fallback(v.optional(v.picklist(['DONE', 'DENIED'])), undefined),
    actor: text,
    since: day,
    until: day,
  }),
  component: function AuditRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return <AuditPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />;
  },
});
