import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '~/app/RouteStates';

// What no other route is: inside the shell, so that one can go on from there.
export const Route = createFileRoute('/_auth/$')({ component: NotFound });
