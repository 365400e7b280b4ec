import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { inCluster } from '~/features/cluster/list/search';
import { PodPage } from '~/features/cluster/pods/PodPage';

export const Route = createFileRoute('/_auth/pods/$namespace/$name')({
  validateSearch: inCluster,
  component: function PodRoute() {
    const params = Route.useParams();
    const { cluster } = Route.useSearch();
    return (
      <Needs right="CLUSTER_VIEW">
        <PodPage key={JSON.stringify(params)} cluster={cluster} {...params} />
      </Needs>
    );
  },
});
