import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { requireRight } from '~/features/auth/session';
import { PodsPage } from '~/features/cluster/PodsPage';

const text = v.fallback(v.optional(v.string()), undefined);

export const Route = createFileRoute('/_auth/pods')({
  beforeLoad: ({ context }) => requireRight(context.queryClient, 'CLUSTER_VIEW'),
  validateSearch: v.object({
    q: text,
    ns: text,
    node: text,
    show: v.fallback(v.optional(v.picklist(['look', 'way', 'running'])), undefined),
    sort: v.fallback(v.optional(v.picklist(['namespace', 'name', 'restarts', 'age'])), undefined),
    dir: v.fallback(v.optional(v.picklist(['asc', 'desc'])), undefined),
  }),
  component: function PodsRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return <PodsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />;
  },
});
