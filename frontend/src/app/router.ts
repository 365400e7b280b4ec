import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { RouteFailed } from '~/app/RouteStates';
import { sessionQuery } from '~/features/auth/session';
import { GqlError } from '~/lib/graphql';
import { onSessionDoubt } from '~/lib/live';
import { routeTree } from '~/routeTree.gen';

/** Whatever asks: an answer that says "sign in" leads there, and back afterwards. */
function watch(error: unknown) {
  if (!(error instanceof GqlError)) return;
  if (error.code === 'UNAUTHENTICATED') toSignIn();
  // Whoever came from a page still goes back to it.
  if (error.code === 'PASSWORD_CHANGE_REQUIRED')
    router.navigate({ to: '/change-password', search: ({ rd }) => ({ rd }) });
}

function toSignIn() {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  queryClient.clear();
  router.navigate({ to: '/sign-in', search: { next: href } });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (tries, error) => tries < 2 && error instanceof GqlError && error.code === 'NETWORK',
    },
  },
});

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultErrorComponent: RouteFailed,
});

// The socket was refused: the cookie may only have grown old (a query renews it), or the session is over.
onSessionDoubt(async () => {
  try {
    const { viewer } = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (viewer) {
      // With other rights some pages are there and others are not.
      void router.invalidate();
      return true;
    }
    toSignIn();
    return false;
  } catch (error) {
    return error instanceof GqlError && error.code === 'NETWORK';
  }
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
