import { useMutation } from '@tanstack/react-query';
import { createPasskey } from '~/features/auth/webauthn';
import { graphql } from '~/gql';
import type { DeletePasskeyInput, PasskeyLineFragment, RenamePasskeyInput } from '~/gql/graphql';
import { accepted, execute, GqlError } from '~/lib/graphql';
import { useStale } from './account';

graphql(`
  fragment PasskeyLine on Passkey { id name createdAt lastUsedAt }
`);
const Start = graphql(`
  mutation StartPasskeyRegistration($input: StartPasskeyRegistrationInput!) {
    startPasskeyRegistration(input: $input) {
      creation {
        challenge relyingParty relyingPartyName userHandle username displayName algorithms exclude
      }
      errors { message code path }
    }
  }
`);
const Finish = graphql(`
  mutation FinishPasskeyRegistration($input: FinishPasskeyRegistrationInput!) {
    finishPasskeyRegistration(input: $input) { passkey { id } errors { message code path } }
  }
`);
const Rename = graphql(`
  mutation RenamePasskey($input: RenamePasskeyInput!) {
    renamePasskey(input: $input) { passkey { id } errors { message code path } }
  }
`);
const Delete = graphql(`
  mutation DeletePasskey($input: DeletePasskeyInput!) {
    deletePasskey(input: $input) { deletedId errors { message code path } }
  }
`);

export type PasskeyLine = PasskeyLineFragment;

/** The password first, then the browser's own dialog. */
export const useAddPasskey = () =>
  useMutation({
    mutationFn: async ({ name, password }: { name: string; password: string }) => {
      const { creation } = accepted((await execute(Start, { input: { password } })).startPasskeyRegistration);
      if (!creation) throw new GqlError('no challenge', 'INTERNAL');
      const input = { name, ...(await createPasskey(creation)) };
      return accepted((await execute(Finish, { input })).finishPasskeyRegistration);
    },
    onSuccess: useStale(),
    gcTime: 0,
  });

export const useRenamePasskey = () =>
  useMutation({
    mutationFn: async (input: RenamePasskeyInput) => accepted((await execute(Rename, { input })).renamePasskey),
    onSettled: useStale(),
  });

export const useDeletePasskey = () =>
  useMutation({
    mutationFn: async (input: DeletePasskeyInput) => accepted((await execute(Delete, { input })).deletePasskey),
    onSuccess: useStale(),
    gcTime: 0,
  });
