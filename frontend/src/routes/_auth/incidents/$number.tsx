import { createFileRoute } from '@tanstack/react-router';
import { IncidentPage } from '~/features/alerts/IncidentPage';

export const Route = createFileRoute('/_auth/incidents/$number')({
  component: function IncidentRoute() {
    const { number } = Route.useParams();
    // No right is asked for: the alerts of a page one may open are seen without seeing the cluster.
    return <IncidentPage number={Number.parseInt(number, 10) || 0} key={number} />;
  },
});
