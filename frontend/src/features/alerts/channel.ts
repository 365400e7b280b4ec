import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import type { ChannelLineFragment, ChannelTargetInput, Locale } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

graphql(`
  fragment ChannelLine on Channel {
    id name enabled locale createdAt version
    targets {
      __typename
      ... on DiscordTarget { id hint disabledReason }
      ... on MailTarget { id host port security username sender recipients disabledReason }
    }
    lastDelivery { id state attempts createdAt nextAttemptAt deliveredAt error targetHint }
  }
`);
const ChannelsDocument = graphql(`
  query Channels { channels(first: 50) { nodes { ...ChannelLine } totalCount } }
`);
const CreateChannel = graphql(`
  mutation CreateChannel($input: CreateChannelInput!) {
    createChannel(input: $input) { channel { id } errors { message code path } }
  }
`);
const UpdateChannel = graphql(`
  mutation UpdateChannel($input: UpdateChannelInput!) {
    updateChannel(input: $input) { channel { id } errors { message code path } }
  }
`);
const DeleteChannel = graphql(`
  mutation DeleteChannel($input: DeleteChannelInput!) {
    deleteChannel(input: $input) { deletedId errors { message code path } }
  }
`);
const TestChannel = graphql(`
  mutation TestChannel($input: TestChannelInput!) {
    testChannel(input: $input) { results { targetHint delivered answer } errors { message code path } }
  }
`);

export type Channel = ChannelLineFragment;
export type StoredTarget = Channel['targets'][number];

export const channelsQuery = queryOptions({ queryKey: ['channels'], queryFn: () => execute(ChannelsDocument) });

export type ChannelValues = { name: string; locale: Locale; enabled: boolean; targets: ChannelTargetInput[] };

export function useSaveChannel(channel: Channel | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (values: ChannelValues) => {
      if (!channel) return accepted((await execute(CreateChannel, { input: values })).createChannel).channel;
      const input = { ...values, id: channel.id, expectedVersion: channel.version };
      return accepted((await execute(UpdateChannel, { input })).updateChannel).channel;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['channels'] }),
  });
}

export function useDeleteChannel(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => accepted((await execute(DeleteChannel, { input: { id } })).deleteChannel),
    onSuccess: () => client.invalidateQueries({ queryKey: ['channels'] }),
  });
}

/** Tests what is in the form, saved or not; of what is stored only its id is sent, never its secret. */
export const useTestChannel = () =>
  useMutation({
    mutationFn: async (
      input: { targets: ChannelTargetInput[]; locale: Locale } | { channelId: string; locale: Locale },
    ) => accepted((await execute(TestChannel, { input })).testChannel).results,
  });
