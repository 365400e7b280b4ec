import type { ReactNode } from 'react';
import type { Right } from '~/gql/graphql';
import { Missing } from '~/ui/states';
import { useRight } from './session';

/** What is inside is not even begun without the right, and is there as soon as it is given. */
export function Needs({ right, children }: { right: Right; children: ReactNode }) {
  return useRight(right) ? children : <Missing right={right} />;
}
