import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { requireAdmin } from '~/features/auth/session';
import { PagesPage } from '~/features/pages/PagesPage';

export const Route = createFileRoute('/_auth/pages')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  validateSearch: v.object({ q: v.fallback(v.optional(v.string()), undefined) }),
  component: function PagesRoute() {
    const { q } = Route.useSearch();
    const navigate = Route.useNavigate();
    return <PagesPage q={q ?? ''} onFilter={(next) => navigate({ search: { q: next || undefined }, replace: true })} />;
  },
});
