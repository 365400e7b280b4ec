import type { TypedDocumentString } from '~/gql/graphql';
import { subscribe } from './live';
import { Feed, type StreamEvent } from './liveStore';

/** A live list over one subscription; `pick` takes the event out of its answer. */
export const feedOf = <T extends { id: string }, R, V extends Record<string, unknown>>(
  document: TypedDocumentString<R, V>,
  variables: V,
  pick: (data: R) => StreamEvent<T>,
) => new Feed<T>((feed) => subscribe(document, variables, feed.sink(pick)));
