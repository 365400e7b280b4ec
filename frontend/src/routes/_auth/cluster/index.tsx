import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { OverviewPage } from '~/features/cluster/overview/OverviewPage';

export const Route = createFileRoute('/_auth/cluster/')({
  component: () => (
    <Needs right="CLUSTER_VIEW">
      <OverviewPage />
    </Needs>
  ),
});
