import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { graphql } from '~/gql';
import type { Right } from '~/gql/graphql';
import { execute, GqlError } from '~/lib/graphql';

const Session = graphql(`
  query Session {
    viewer { mustChangePassword rights user { id username displayName role } }
  }
`);
const ServerFacts = graphql(`
  query ServerFacts {
    server { name version demo passwordMinLength passkeys trustedDocumentsOnly }
  }
`);

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => execute(Session),
  staleTime: 60_000,
});
export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: () => execute(ServerFacts),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Before every page: nobody goes to sign-in, a temporary password to its change. */
export async function requireSession(client: QueryClient, href: string) {
  const next = href === '/' ? undefined : href;
  try {
    const [{ viewer }] = await Promise.all([client.ensureQueryData(sessionQuery), client.ensureQueryData(serverQuery)]);
    if (!viewer) throw redirect({ to: '/sign-in', search: { next } });
    if (viewer.mustChangePassword) throw redirect({ to: '/change-password' });
  } catch (error) {
    if (!(error instanceof GqlError)) throw error;
    if (error.code === 'UNAUTHENTICATED') throw redirect({ to: '/sign-in', search: { next } });
    if (error.code === 'PASSWORD_CHANGE_REQUIRED') throw redirect({ to: '/change-password' });
    throw error;
  }
}

/** Pages of the admins do not exist for others. */
export async function requireAdmin(client: QueryClient) {
  const { viewer } = await client.ensureQueryData(sessionQuery);
  if (viewer?.user.role !== 'ADMIN') throw redirect({ to: '/' });
}

export function useRight(right: Right) {
  return useViewer().rights.includes(right);
}

/** Inside the shell somebody is signed in: requireSession saw to it. */
export function useViewer() {
  const { data } = useSuspenseQuery(sessionQuery);
  const user = data.viewer?.user ?? { id: '', username: '', displayName: '', role: 'MEMBER' as const };
  return { ...user, rights: data.viewer?.rights ?? [], isAdmin: user.role === 'ADMIN' };
}

export const useServer = () => useSuspenseQuery(serverQuery).data.server;
