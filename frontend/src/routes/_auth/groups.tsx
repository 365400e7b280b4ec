import { createFileRoute } from '@tanstack/react-router';
import { requireAdmin } from '~/features/auth/session';
import { GroupsPage } from '~/features/groups/GroupsPage';

export const Route = createFileRoute('/_auth/groups')({
  beforeLoad: ({ context }) => requireAdmin(context.queryClient),
  component: GroupsPage,
});
