import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { PeoplePage } from '~/features/admin/PeoplePage';
import { requireAdmin } from '~/features/auth/session';

export const Route = createFileRoute('/_auth/people')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  validateSearch: v.object({
    q: v.fallback(v.optional(v.string()), undefined),
    status: v.fallback(v.optional(v.picklist(['NORMAL', 'LOCKED', 'INITIAL_PASSWORD', 'CHANGE_REQUESTED'])), undefined),
  }),
  component: function PeopleRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return <PeoplePage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />;
  },
});
