import { createFileRoute, useNavigate } from '@tanstack/react-router';
import * as v from 'valibot';
import { ChangePassword } from '~/features/auth/ChangePassword';
import { openPage } from '~/features/auth/way';

export const Route = createFileRoute('/change-password')({
  validateSearch: v.object({ rd: v.fallback(v.optional(v.string()), undefined) }),
  component: function ChangePasswordRoute() {
    const { rd } = Route.useSearch();
    const navigate = useNavigate();
    return <ChangePassword onDone={() => (rd ? openPage(rd) : navigate({ to: '/' }))} />;
  },
});
