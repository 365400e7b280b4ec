import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { PeoplePage } from '~/features/admin/PeoplePage';
import { requireAdmin } from '~/features/auth/session';

export const Route = createFileRoute('/_auth/people')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  validateSearch: v.object({ q: v.fallback(v.optional(v.string()), undefined) }),
  component: function PeopleRoute() {
    const { q } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <PeoplePage q={q ?? ''} onFilter={(next) => navigate({ search: { q: next || undefined }, replace: true })} />
    );
  },
});
