import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { RightsPage } from '~/features/cluster/overview/RightsPage';

export const Route = createFileRoute('/_auth/cluster/rights')({
  component: () => (
    <Needs right="CLUSTER_VIEW">
      <RightsPage />
    </Needs>
  ),
});
