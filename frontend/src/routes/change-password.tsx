import { createFileRoute, useNavigate } from '@tanstack/react-router';
import { ChangePassword } from '~/features/auth/ChangePassword';

export const Route = createFileRoute('/change-password')({
  component: function ChangePasswordRoute() {
    const navigate = useNavigate();
    return <ChangePassword onDone={() => navigate({ to: '/' })} />;
  },
});
