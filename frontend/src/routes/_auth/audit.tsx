import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { AuditPage } from '~/features/audit/AuditPage';
import { isAction } from '~/features/audit/audit';
import { requireAdmin } from '~/features/auth/session';

const text = v.fallback(v.optional(v.string()), undefined);
const day = v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined);
// A name that this version does not know leaves the others standing.
const actions = v.fallback(
  v.optional(
    v.pipe(
      v.array(v.string()),
      v.transform((names) => names.filter(isAction)),
    ),
  ),
  undefined,
);

export const Route = createFileRoute('/_auth/audit')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  validateSearch: v.object({
    q: text,
    actions,
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
