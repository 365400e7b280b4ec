import { createFileRoute } from '@tanstack/react-router';
import { AllFailed } from '~/app/RouteStates';
import { Shell } from '~/app/Shell';
import { requireSession } from '~/features/auth/session';

export const Route = createFileRoute('/_auth')({
  beforeLoad: ({ context, location }) => requireSession(context.queryClient, location.href),
  component: Shell,
  errorComponent: AllFailed,
});
