import { createFileRoute, useNavigate, useRouter } from '@tanstack/react-router';
import * as v from 'valibot';
import { SignIn } from '~/features/auth/SignIn';

// Only a path of this site: "//elsewhere" and "/\elsewhere" would lead away.
const path = v.pipe(v.string(), v.regex(/^\/(?![/\\])/));

export const Route = createFileRoute('/sign-in')({
  validateSearch: v.object({ next: v.fallback(v.optional(path), undefined) }),
  component: function SignInRoute() {
    const { next } = Route.useSearch();
    const navigate = useNavigate();
    const router = useRouter();
    return (
      <SignIn
        onDone={(mustChange) => {
          if (mustChange) navigate({ to: '/change-password' });
          else router.history.push(next ?? '/');
        }}
      />
    );
  },
});
