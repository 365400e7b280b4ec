import { createFileRoute } from '@tanstack/react-router';
import { PostPage } from '~/features/boards/PostPage';

export const Route = createFileRoute('/_auth/notices/$id')({
  component: function PostRoute() {
    const { id } = Route.useParams();
    return <PostPage kind="NOTICE" id={id} key={id} />;
  },
});
