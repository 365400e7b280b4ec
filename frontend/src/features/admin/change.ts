import type { Role, UpdateUserInput } from '~/gql/graphql';
import { Refused } from '~/lib/graphql';
import type { UserLine } from './people';

type Values = { displayName: string; email: string; role: Role };

/** Only what differs, so that two admins who edit at once do not undo each other; nothing when nothing does. */
export function changes(user: UserLine, values: Values): UpdateUserInput | undefined {
  const input: UpdateUserInput = { id: user.id };
  const displayName = values.displayName.trim();
  const email = values.email.trim();
  if (displayName !== user.displayName) input.displayName = displayName;
  // Empty removes the address.
  if (email !== (user.email ?? '')) input.email = email;
  if (values.role !== user.role) input.role = values.role;
  return Object.keys(input).length > 1 ? input : undefined;
}

/** The only conflict an account has: it is the last admin. */
export const isConflict = (error: unknown) =>
  error instanceof Refused && error.faults.some(({ code }) => code === 'CONFLICT');
