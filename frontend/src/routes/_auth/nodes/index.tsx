import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { listSearch } from '~/features/cluster/list/search';
import { NodesPage } from '~/features/cluster/nodes/NodesPage';

export const Route = createFileRoute('/_auth/nodes/')({
  validateSearch: listSearch,
  component: function NodesRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <NodesPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
