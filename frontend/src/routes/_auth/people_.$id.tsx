import { createFileRoute } from '@tanstack/react-router';
import { PersonPage } from '~/features/admin/person/PersonPage';
import { requireAdmin } from '~/features/auth/session';

export const Route = createFileRoute('/_auth/people_/$id')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  component: function PersonRoute() {
    const { id } = Route.useParams();
    return <PersonPage id={id} key={id} />;
  },
});
