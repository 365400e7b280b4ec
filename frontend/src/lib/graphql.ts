import type { TypedDocumentString } from '~/gql/graphql';

/** What the server answered instead of data. `code` is the schema's ErrorCode, or NETWORK when nothing answered. */
export class GqlError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly requestId?: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

type Fault = { message: string; extensions?: { code?: string; requestId?: string; retryAfter?: number } };
type Body<T> = { data?: T | null; errors?: Fault[] };

export const toGqlError = ({ message, extensions }: Fault) =>
  new GqlError(message, extensions?.code ?? 'INTERNAL', extensions?.requestId, extensions?.retryAfter);

// In development the server may be older than the documents: then they are sent whole.
const texts: Record<string, string> | undefined = import.meta.env.DEV
  ? (await import('~/gql/persisted-documents.json')).default
  : undefined;

/** How the server is told which document to run: by the id that both know since they were built. */
export function named<R, V>(document: TypedDocumentString<R, V>) {
  const id = document.__meta__?.id as string;
  return texts ? { query: texts[id] } : { documentId: id };
}

export async function execute<R, V>(
  document: TypedDocumentString<R, V>,
  ...[variables]: V extends Record<string, never> ? [] : [V]
): Promise<R> {
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        // The language that was chosen, not the browser's: the server says in it what is wrong.
        'accept-language': window.document.documentElement.lang,
      },
      body: JSON.stringify({ ...named(document), variables }),
      signal: AbortSignal.timeout(15_000),
    });
  } catch (cause) {
    throw new GqlError(String((cause as Error).message), 'NETWORK');
  }
  const body = (await response.json().catch(() => ({}))) as Body<R>;
  const fault = body.errors?.[0];
  if (fault) throw toGqlError(fault);
  if (!response.ok || !body.data) {
    const code = response.status === 401 ? 'UNAUTHENTICATED' : response.status === 429 ? 'RATE_LIMITED' : 'INTERNAL';
    throw new GqlError(`HTTP ${response.status}`, code, response.headers.get('x-request-id') ?? undefined);
  }
  return body.data;
}

export type UserFault = { message: string; code: string; path?: string[] | null };

/** A mutation said no: its payload carried errors. Forms show them beside their fields. */
export class Refused extends Error {
  constructor(readonly faults: UserFault[]) {
    super(faults[0]?.message ?? '');
  }
  /** The message that belongs to a field, by the last step of its path. */
  at(field: string) {
    return this.faults.find((fault) => fault.path?.at(-1) === field)?.message;
  }
}

/** Turns a payload with errors into an exception, so that callers have one way to fail. */
export function accepted<P extends { errors: UserFault[] }>(payload: P): P {
  if (payload.errors.length) throw new Refused(payload.errors);
  return payload;
}
