import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { requireRight } from '~/features/auth/session';
import { CertificatesPage } from '~/features/cluster/CertificatesPage';

const text = v.fallback(v.optional(v.string()), undefined);

export const Route = createFileRoute('/_auth/certificates')({
  beforeLoad: ({ context }) => requireRight(context.queryClient, 'CLUSTER_VIEW'),
  validateSearch: v.object({ q: text }),
  component: function CertificatesRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return <CertificatesPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />;
  },
});
