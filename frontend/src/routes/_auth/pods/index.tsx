import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { listSearch } from '~/features/cluster/list/search';
import { PodsPage } from '~/features/cluster/pods/PodsPage';

export const Route = createFileRoute('/_auth/pods/')({
  validateSearch: listSearch,
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
