import { createFileRoute, redirect, useNavigate, useRouter } from '@tanstack/react-router';
import * as v from 'valibot';
import { SignIn } from '~/features/auth/SignIn';
import { sessionQuery } from '~/features/auth/session';
import { openPage } from '~/features/auth/way';

// Only a path of this site: "//elsewhere" and "/\elsewhere" would lead away.
const path = v.pipe(v.string(), v.regex(/^\/(?![/\\])/));

export const Route = createFileRoute('/sign-in')({
  validateSearch: v.object({
    next: v.fallback(v.optional(path), undefined),
    rd: v.fallback(v.optional(v.string()), undefined),
  }),
  // Whoever was sent here by a page and is signed in already needs only its cookie.
  beforeLoad: async ({ context, search: { rd } }) => {
    if (!rd) return;
    const viewer = await context.queryClient.fetchQuery(sessionQuery).then(
      (session) => session.viewer,
      (error) => ({ mustChangePassword: error.code === 'PASSWORD_CHANGE_REQUIRED', unknown: true }),
    );
    if (viewer?.mustChangePassword) throw redirect({ to: '/change-password', search: { rd } });
    if (viewer && !('unknown' in viewer)) openPage(rd);
  },
  component: function SignInRoute() {
    const { next, rd } = Route.useSearch();
    const navigate = useNavigate();
    const router = useRouter();
    return (
      <SignIn
        onDone={(mustChange) => {
          if (mustChange) navigate({ to: '/change-password', search: { rd } });
          else if (rd) openPage(rd);
          else router.history.push(next ?? '/');
        }}
      />
    );
  },
});
