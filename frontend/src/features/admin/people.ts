import { useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { CreateUserInput, UpdateUserInput, UserLineFragment } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

graphql(`
  fragment UserLine on User { id username displayName email role status createdAt lastSignInAt }
`);
const CreateUser = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) { user { id displayName } temporaryPassword errors { message code path } }
  }
`);
const Unlock = graphql(`
  mutation Unlock($input: UnlockUserInput!) {
    unlockUser(input: $input) { user { ...UserLine } errors { message code path } }
  }
`);
const IssuePassword = graphql(`
  mutation IssuePassword($input: IssueTemporaryPasswordInput!) {
    issueTemporaryPassword(input: $input) { temporaryPassword errors { message code path } }
  }
`);

const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) { user { ...UserLine } errors { message code path } }
  }
`);
const DeleteUser = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    deleteUser(input: $input) { deletedId errors { message code path } }
  }
`);

export type UserLine = UserLineFragment;

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: CreateUserInput) => accepted((await execute(CreateUser, { input })).createUser),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
    // The answer holds a password: it must not stay in memory longer than the dialog that shows it.
    gcTime: 0,
  });
}

export function useUnlock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => accepted((await execute(Unlock, { input: { id } })).unlockUser),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
}

/** The answer holds a password: as with a new person, it is forgotten with the dialog that shows it. */
export function useIssuePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(IssuePassword, { input: { id } })).issueTemporaryPassword),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
    gcTime: 0,
  });
}

/** One's own name and role are shown in the shell too. */
export function useUpdateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: UpdateUserInput) => accepted((await execute(UpdateUser, { input })).updateUser),
    // Not waited for: whoever gave up being an admin is refused the list, again and again.
    onSuccess: () => {
      for (const key of ['people', 'session']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useDeleteUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => accepted((await execute(DeleteUser, { input: { id } })).deleteUser),
    // Not waited for: what asked is gone with the account, and could not say so any more.
    onSuccess: () => void client.invalidateQueries({ queryKey: ['people'] }),
  });
}
