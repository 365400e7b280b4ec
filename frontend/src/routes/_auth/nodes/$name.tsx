import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { inCluster } from '~/features/cluster/list/search';
import { NodePage } from '~/features/cluster/nodes/NodePage';

export const Route = createFileRoute('/_auth/nodes/$name')({
  validateSearch: inCluster,
  component: function NodeRoute() {
    const params = Route.useParams();
    const { cluster } = Route.useSearch();
    return (
      <Needs right="CLUSTER_VIEW">
        <NodePage key={JSON.stringify(params)} cluster={cluster} {...params} />
      </Needs>
    );
  },
});
