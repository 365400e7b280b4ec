import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { EventsPage } from '~/features/cluster/events/EventsPage';
import { listSearch } from '~/features/cluster/list/search';

export const Route = createFileRoute('/_auth/events')({
  validateSearch: listSearch,
  component: function EventsRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <EventsPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
