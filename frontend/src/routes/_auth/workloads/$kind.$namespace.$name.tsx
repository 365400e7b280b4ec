import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { inCluster } from '~/features/cluster/list/search';
import { WorkloadPage } from '~/features/cluster/workloads/WorkloadPage';

export const Route = createFileRoute('/_auth/workloads/$kind/$namespace/$name')({
  validateSearch: inCluster,
  component: function WorkloadRoute() {
    const params = Route.useParams();
    const { cluster } = Route.useSearch();
    return (
      <Needs right="CLUSTER_VIEW">
        <WorkloadPage key={JSON.stringify(params)} cluster={cluster} {...params} />
      </Needs>
    );
  },
});
