import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { KnownPage } from '~/features/known/KnownPage';

export const Route = createFileRoute('/_auth/known/')({
  validateSearch: v.object({ q: v.fallback(v.optional(v.string()), undefined) }),
  component: function KnownRoute() {
    const { q } = Route.useSearch();
    const navigate = Route.useNavigate();
    return <KnownPage q={q ?? ''} onSearch={(text) => navigate({ search: { q: text || undefined }, replace: true })} />;
  },
});
