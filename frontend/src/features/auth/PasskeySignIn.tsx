import { useMutation, useQuery } from '@tanstack/react-query';
import { graphql } from '~/gql';
import { accepted, execute, GqlError } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError } from '~/ui/Field';
import { serverQuery } from './session';
import { usePasskeyReason } from './usePasskeyReason';
import { askPasskey, knowsPasskeys } from './webauthn';

const Start = graphql(`
  mutation StartPasskeySignIn {
    startPasskeySignIn { request { challenge relyingParty } errors { message code path } }
  }
`);
const Finish = graphql(`
  mutation FinishPasskeySignIn($input: FinishPasskeySignInInput!) {
    finishPasskeySignIn(input: $input) { viewer { mustChangePassword } errors { message code path } }
  }
`);

async function signIn() {
  const { request } = accepted((await execute(Start)).startPasskeySignIn);
  if (!request) throw new GqlError('no challenge', 'INTERNAL');
  const input = await askPasskey(request);
  return accepted((await execute(Finish, { input })).finishPasskeySignIn);
}

/** Nothing where the server or the browser knows no passkeys. */
export function PasskeySignIn({ onDone }: { onDone(mustChange: boolean): void }) {
  const { t } = useI18n();
  const reason = usePasskeyReason();
  const server = useQuery(serverQuery).data?.server;
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (payload) => onDone(payload.viewer?.mustChangePassword ?? false),
  });
  if (!server?.passkeys || !knowsPasskeys()) return null;
  return (
    <>
      <Button busy={enter.isPending} onClick={() => enter.mutate()}>
        {t.auth.passkey}
      </Button>
      <FormError>{enter.error && reason(enter.error)}</FormError>
    </>
  );
}
