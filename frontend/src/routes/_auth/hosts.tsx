import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { HostsPage } from '~/features/cluster/certificates/HostsPage';
import { listSearch } from '~/features/cluster/list/search';

export const Route = createFileRoute('/_auth/hosts')({
  validateSearch: listSearch,
  component: function HostsRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <HostsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
