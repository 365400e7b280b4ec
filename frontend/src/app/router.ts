import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { RouteFailed } from '~/app/RouteStates';
import { sessionQuery } from '~/features/auth/session';
import { GqlError } from '~/lib/graphql';
import { onSessionDoubt } from '~/lib/live';
import { loadAgain } from '~/lib/newer';
import { routeTree } from '~/routeTree.gen';

/** Whatever asks: an answer that says "sign in" leads there, and back afterwards; a refusal may mean other rights. */
function watch(error: unknown) {
  if (!(error instanceof GqlError)) return;
  if (error.code === 'UNAUTHENTICATED') toSignIn();
  if (error.code === 'FORBIDDEN') void lookAgain();
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
  queryCache: new QueryCache({
    onError(error) {
      watch(error);
      // Not after a mutation: what was typed must not be lost.
      if (error instanceof GqlError && error.code === 'UNKNOWN_DOCUMENT') loadAgain();
    },
  }),
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

/** Whether the session stands, and with which rights: the cookie may only have grown old (a query renews it). */
async function askAgain() {
  const before = queryClient.getQueryData(sessionQuery.queryKey)?.viewer;
  try {
    const { viewer } = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (!viewer) {
      toSignIn();
      return false;
    }
    if (JSON.stringify(before) !== JSON.stringify(viewer)) void settle();
    return true;
  } catch (error) {
    return error instanceof GqlError && error.code === 'NETWORK';
  }
}

/** With other rights some pages are there and others are not; the rest is asked again. */
async function settle() {
  await router.invalidate();
  // Not before what may no longer be asked has left the screen: the server remembers who asks for it.
  setTimeout(
    () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] }),
    100,
  );
}

// Every stream of a socket is refused at once: they ask together.
let asking: Promise<boolean> | undefined;
function lookAgain() {
  asking ??= askAgain().finally(() => {
    asking = undefined;
  });
  return asking;
}
onSessionDoubt(lookAgain);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
