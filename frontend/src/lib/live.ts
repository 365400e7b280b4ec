import { type CloseCode, createClient, type Sink as GraphQlSink, type SubscribePayload } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import type { TypedDocumentString } from '~/gql/graphql';
import { type GqlError, named, toGqlError } from './graphql';

export type Connection = { status: 'connecting' | 'live' | 'offline'; lastAt: number };

let connection: Connection = { status: 'connecting', lastAt: 0 };
let failures = 0;
const listeners = new Set<() => void>();

function tell(change: Partial<Connection>) {
  connection = { ...connection, ...change };
  for (const listener of listeners) listener();
}

/** Asked when the server refuses for want of rights: true when the session still stands. */
let sessionStands: () => Promise<boolean> = async () => true;
export const onSessionDoubt = (ask: () => Promise<boolean>) => {
  sessionStands = ask;
};

const UNAUTHORIZED = 4401 satisfies CloseCode;
const FORBIDDEN = 4403 satisfies CloseCode;
const closeCode = (error: unknown) =>
  error && typeof error === 'object' && 'code' in error && typeof error.code === 'number' ? error.code : undefined;

const wait = (ms: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    // Waking up beats waiting: a laptop that is opened should not stare at old rows for another ten seconds.
    window.addEventListener('online', done);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    }
  });

function withoutText(this: object, key: string, value: unknown) {
  return key === 'query' && 'documentId' in this ? undefined : value;
}

const client = createClient({
  url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  jsonMessageReplacer: withoutText,
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: (error) => closeCode(error) !== UNAUTHORIZED && closeCode(error) !== FORBIDDEN,
  retryWait: (tries) => wait(Math.min(500 * 2 ** Math.min(tries, 5), 10_000) * (0.75 + Math.random() / 2)),
  on: {
    connected: () => {
      failures = 0;
      tell({ status: 'live', lastAt: Date.now() });
    },
    // The first loss is usually a hiccup ("Connecting"); failing again means there is nobody ("Offline").
    closed: () => tell({ status: failures++ > 0 || !navigator.onLine ? 'offline' : 'connecting' }),
    message: () => {
      connection = { ...connection, lastAt: Date.now() };
    },
    // Told at each sign of life, not at each message: the badge must not re-render fifty times a second.
    pong: () => tell({ lastAt: Date.now() }),
    ping: () => tell({ lastAt: Date.now() }),
  },
});

/** Called whenever the socket stands, before anything comes over it. */
export const onConnected = (listener: () => void) => client.on('connected', listener);

/** Any document, asked by whoever explores the API. */
export type Asked = { query: string; variables?: Record<string, unknown>; operationName?: string | undefined };
export const subscribeTo = (asked: Asked, sink: GraphQlSink<unknown>) =>
  client.subscribe(asked as SubscribePayload, sink);

export type Sink<R> = {
  next(data: R): void;
  error(error: GqlError): void;
  /** The server closed the socket for want of rights, and another try is due: the time to say that none is wanted. */
  again?(): void;
  /** The stream came to its end. */
  complete?(): void;
};

/**
 * Subscribes until the returned function is called. graphql-ws subscribes again after a lost connection with the same
 * variables; ours never carry `after`, so the first event is a fresh Snapshot each time and no gap can stay.
 */
export function subscribe<R, V extends Record<string, unknown>>(
  document: TypedDocumentString<R, V>,
  variables: V,
  sink: Sink<R>,
) {
  let stop = () => {};
  let over = false;
  const open = () => {
    stop = client.subscribe<R>(
      // The library insists on a text; `withoutText` takes it away again.
      { query: '', ...named(document), variables } as SubscribePayload,
      {
        next: (result) => {
          if (result.data) sink.next(result.data);
          else if (result.errors?.[0]) refused(toGqlError(result.errors[0] as never));
        },
        error: (error) => {
          if (over) return;
          if (Array.isArray(error)) refused(toGqlError(error[0]));
          else again(error);
        },
        complete() {
          if (!over) sink.complete?.();
        },
      },
    );
  };
  const refused = async (error: GqlError) => {
    if (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED') await sessionStands();
    if (!over) sink.error(error);
  };
  const again = async (error: unknown) => {
    const code = closeCode(error);
    if ((code === UNAUTHORIZED || code === FORBIDDEN) && !(await sessionStands())) return;
    await wait(2000);
    if (!over) sink.again?.();
    if (!over) open();
  };
  open();
  return () => {
    over = true;
    stop();
  };
}

export const useConnection = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
