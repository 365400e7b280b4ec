import { createFileRoute } from '@tanstack/react-router';
import { PostPage } from '~/features/boards/PostPage';

export const Route = createFileRoute('/_auth/requests/$id')({
  component: function PostRoute() {
    const { id } = Route.useParams();
    return <PostPage kind="REQUEST" id={id} key={id} />;
  },
});
