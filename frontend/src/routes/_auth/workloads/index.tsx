import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { listSearch } from '~/features/cluster/list/search';
import { WorkloadsPage } from '~/features/cluster/workloads/WorkloadsPage';

export const Route = createFileRoute('/_auth/workloads/')({
  validateSearch: listSearch,
  component: function WorkloadsRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <WorkloadsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
