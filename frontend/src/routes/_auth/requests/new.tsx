import { createFileRoute } from '@tanstack/react-router';
import { NewPost } from '~/features/boards/NewPost';

export const Route = createFileRoute('/_auth/requests/new')({
  component: () => <NewPost kind="REQUEST" />,
});
