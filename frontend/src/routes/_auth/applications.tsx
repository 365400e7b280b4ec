import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { ApplicationsPage } from '~/features/cluster/applications/ApplicationsPage';
import { listSearch } from '~/features/cluster/list/search';

export const Route = createFileRoute('/_auth/applications')({
  validateSearch: listSearch,
  component: function ApplicationsRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <ApplicationsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
