import { createFileRoute } from '@tanstack/react-router';
import { Needs } from '~/features/auth/Needs';
import { NewPost } from '~/features/boards/NewPost';

export const Route = createFileRoute('/_auth/notices/new')({
  component: () => (
    <Needs right="NOTICES_WRITE">
      <NewPost kind="NOTICE" />
    </Needs>
  ),
});
