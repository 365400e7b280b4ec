import { createFileRoute } from '@tanstack/react-router';
import { BoardPage } from '~/features/boards/BoardPage';

export const Route = createFileRoute('/_auth/requests/')({
  component: () => <BoardPage kind="REQUEST" />,
});
