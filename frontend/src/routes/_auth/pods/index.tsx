import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { Needs } from '~/features/auth/Needs';
import { PodsPage } from '~/features/cluster/PodsPage';

const text = v.fallback(v.optional(v.string()), undefined);

export const Route = createFileRoute('/_auth/pods')({
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
    return (
      <Needs right="CLUSTER_VIEW">
        <PodsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
