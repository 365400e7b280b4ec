import { type DocumentNode, Kind, OperationTypeNode, parse } from 'graphql';
import { GqlError } from '~/lib/graphql';
import { type Asked, subscribeTo } from '~/lib/live';

/** The operation at the cursor; the first one when the cursor is elsewhere. */
export function operationAt(document: DocumentNode, cursor: number) {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operations.find(({ loc }) => loc && loc.start <= cursor && cursor <= loc.end) ?? operations[0];
}

export type Sink = { answer(body: unknown): void; over(): void };

/** Asks as whoever is signed in; of a stream each event is an answer. Gives what ends it: then nothing more is told. */
export function ask(text: string, variables: Record<string, unknown>, cursor: number, sink: Sink) {
  const operation = operationAt(parse(text), cursor);
  const asked: Asked = { query: text, variables, operationName: operation?.name?.value };
  const stopped = new AbortController();
  const answer = (body: unknown) => stopped.signal.aborted || sink.answer(body);
  const over = () => stopped.signal.aborted || sink.over();
  if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
    const failed = (errors: unknown) => {
      answer({ errors });
      over();
    };
    const end = subscribeTo(asked, { next: answer, error: failed, complete: over });
    stopped.signal.addEventListener('abort', end);
  } else
    post(asked, stopped.signal)
      .then(answer, (error) => answer({ errors: [{ message: String(error.message) }] }))
      .finally(over);
  return () => stopped.abort();
}

export async function post(asked: Asked, signal: AbortSignal): Promise<{ data?: unknown; errors?: GqlError[] }> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
    signal,
  }).catch((cause) => {
    throw new GqlError(String(cause.message), 'NETWORK');
  });
  return response.json();
}
