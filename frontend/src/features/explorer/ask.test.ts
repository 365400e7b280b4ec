import { parse } from 'graphql';
import { expect, it, vi } from 'vitest';
import { ask, operationAt } from './ask';

it('takes the operation at the cursor, else the first', () => {
  const text = 'query A { a }\nquery B { b }\nfragment F on Query { c }';
  const name = (cursor: number) => operationAt(parse(text), cursor)?.name?.value;
  expect([name(3), name(20), name(text.length)]).toEqual(['A', 'B', 'A']);
});

it('tells nothing more once it was stopped', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ data: {} }));
  const told: string[] = [];
  const sink = { answer: () => told.push('answer'), over: () => told.push('over') };
  ask('{ a }', {}, 0, sink)();
  ask('{ a }', {}, 0, sink);
  await vi.waitFor(() => expect(told).toEqual(['answer', 'over']));
});
