import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { CreateApiTokenInput, DisableTwoFactorInput, SessionLineFragment, TokenLineFragment } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

graphql(`
  fragment SessionLine on Session { id userAgent address createdAt lastSeenAt current }
`);
graphql(`
  fragment TokenLine on ApiToken {
    id name hint scopes createdAt expiresAt lastUsedAt lastUsedFrom budget { limit remaining resetAt }
  }
`);
const Account = graphql(`
  query Account {
    viewer {
      user {
        id
        sessions { ...SessionLine }
        apiTokens { ...TokenLine }
        twoFactor { enabledAt recoveryCodesLeft }
        passkeys { ...PasskeyLine }
      }
    }
  }
`);
const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) { endSession(input: $input) { endedId errors { message code path } } }
`);
const EndSessions = graphql(`
  mutation EndSessions($input: EndSessionsInput!) {
    endSessions(input: $input) { user { id } errors { message code path } }
  }
`);
const CreateToken = graphql(`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { apiToken { id name } secret errors { message code path } }
  }
`);
const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) { revokedId errors { message code path } }
  }
`);
const StartTwoFactor = graphql(`
  mutation StartTwoFactor($input: StartTwoFactorInput!) {
    startTwoFactor(input: $input) { otpauthUri secret errors { message code path } }
  }
`);
const ConfirmTwoFactor = graphql(`
  mutation ConfirmTwoFactor($input: ConfirmTwoFactorInput!) {
    confirmTwoFactor(input: $input) { recoveryCodes errors { message code path } }
  }
`);
const RenewCodes = graphql(`
  mutation RenewCodes($input: RenewRecoveryCodesInput!) {
    renewRecoveryCodes(input: $input) { recoveryCodes errors { message code path } }
  }
`);
const DisableTwoFactor = graphql(`
  mutation DisableTwoFactor($input: DisableTwoFactorInput!) {
    disableTwoFactor(input: $input) { user { id } errors { message code path } }
  }
`);

export type SessionLine = SessionLineFragment;
export type TokenLine = TokenLineFragment;
export const accountQuery = queryOptions({ queryKey: ['account'], queryFn: () => execute(Account) });

/** A session or a token is shown on its owner's page and on that of the admins. */
export function useStale() {
  const client = useQueryClient();
  return () => {
    for (const key of ['account', 'people']) void client.invalidateQueries({ queryKey: [key] });
  };
}

export const useEndSession = () =>
  useMutation({
    mutationFn: async (id: string) => accepted((await execute(EndSession, { input: { id } })).endSession),
    // Also when it was over already.
    onSettled: useStale(),
  });

export const useEndSessions = () =>
  useMutation({
    mutationFn: async (user: string) => accepted((await execute(EndSessions, { input: { user } })).endSessions),
    onSettled: useStale(),
  });

/** The answers of these hold secrets: they are forgotten with the dialog that shows them. */
export const useCreateToken = () =>
  useMutation({
    mutationFn: async (input: CreateApiTokenInput) => accepted((await execute(CreateToken, { input })).createApiToken),
    onSuccess: useStale(),
    gcTime: 0,
  });

export const useStartTwoFactor = () =>
  useMutation({
    mutationFn: async (password: string) =>
      accepted((await execute(StartTwoFactor, { input: { password } })).startTwoFactor),
    gcTime: 0,
  });

export const useConfirmTwoFactor = () =>
  useMutation({
    mutationFn: async (code: string) =>
      accepted((await execute(ConfirmTwoFactor, { input: { code } })).confirmTwoFactor),
    onSuccess: useStale(),
    gcTime: 0,
  });

export const useRenewCodes = () =>
  useMutation({
    mutationFn: async (password: string) =>
      accepted((await execute(RenewCodes, { input: { password } })).renewRecoveryCodes),
    onSuccess: useStale(),
    gcTime: 0,
  });

export const useRevokeToken = () =>
  useMutation({
    mutationFn: async (id: string) => accepted((await execute(RevokeToken, { input: { id } })).revokeApiToken),
    onSettled: useStale(),
  });

export const useDisableTwoFactor = () =>
  useMutation({
    mutationFn: async (input: DisableTwoFactorInput) =>
      accepted((await execute(DisableTwoFactor, { input })).disableTwoFactor),
    onSuccess: useStale(),
    gcTime: 0,
  });
