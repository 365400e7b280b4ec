import { createFileRoute } from '@tanstack/react-router';
import { IncidentPage } from '~/features/alerts/IncidentPage';
import { Needs } from '~/features/auth/Needs';

export const Route = createFileRoute('/_auth/incidents/$number')({
  component: function IncidentRoute() {
    const { number } = Route.useParams();
    return (
      <Needs right="CLUSTER_VIEW">
        <IncidentPage number={Number.parseInt(number, 10) || 0} key={number} />
      </Needs>
    );
  },
});
