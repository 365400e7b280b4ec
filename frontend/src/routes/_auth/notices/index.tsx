import { createFileRoute } from '@tanstack/react-router';
import { BoardPage } from '~/features/boards/BoardPage';

export const Route = createFileRoute('/_auth/notices/')({
  component: () => <BoardPage kind="NOTICE" />,
});
