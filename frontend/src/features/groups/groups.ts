import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { all, type Column } from '~/features/admin/access';
import { graphql } from '~/gql';
import type { GroupsQuery, SetGroupMemberInput, UpdateGroupInput } from '~/gql/graphql';
import { accepted, execute } from '~/lib/graphql';

const Groups = graphql(`
  query Groups($after: String) {
    groups(first: 20, after: $after) {
      nodes { id name version members { id username displayName } grants { pages rights } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const CreateGroup = graphql(`
  mutation CreateGroup($input: CreateGroupInput!) { createGroup(input: $input) { errors { message code path } } }
`);
const UpdateGroup = graphql(`
  mutation UpdateGroup($input: UpdateGroupInput!) { updateGroup(input: $input) { errors { message code path } } }
`);
const DeleteGroup = graphql(`
  mutation DeleteGroup($input: DeleteGroupInput!) { deleteGroup(input: $input) { errors { message code path } } }
`);
const SetMember = graphql(`
  mutation SetMember($input: SetGroupMemberInput!) { setGroupMember(input: $input) { errors { message code path } } }
`);

export type Group = GroupsQuery['groups']['nodes'][number];

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: () => all<Group>(async (after) => (await execute(Groups, { after })).groups),
});

export const holds = (group: Group, column: Column) =>
  column.kind === 'page' ? group.grants.pages.includes(column.id) : group.grants.rights.includes(column.id);

function useChange<I>(change: (input: I) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    // What a group gives is shown with the people too.
    onSuccess: () => Promise.all(['groups', 'people'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useCreateGroup = () =>
  useChange(async (name: string) => accepted((await execute(CreateGroup, { input: { name } })).createGroup));
export const useRenameGroup = () =>
  useChange(async (input: UpdateGroupInput) => accepted((await execute(UpdateGroup, { input })).updateGroup));
export const useDeleteGroup = () =>
  useChange(async (id: string) => accepted((await execute(DeleteGroup, { input: { id } })).deleteGroup));
export const useSetMember = () =>
  useChange(async (input: SetGroupMemberInput) => accepted((await execute(SetMember, { input })).setGroupMember));
