import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { Needs } from '~/features/auth/Needs';
import { CertificatesPage } from '~/features/cluster/certificates/CertificatesPage';

const text = v.fallback(v.optional(v.string()), undefined);

export const Route = createFileRoute('/_auth/certificates')({
  validateSearch: v.object({ q: text }),
  component: function CertificatesRoute() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CLUSTER_VIEW">
        <CertificatesPage search={search} onSearch={(next) => navigate({ search: next, replace: true })} />
      </Needs>
    );
  },
});
