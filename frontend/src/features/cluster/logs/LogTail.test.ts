import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BLOCK, LogTail, MOST } from './LogTail';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ text: `line ${from + n}` }));
const texts = (tail: LogTail) => tail.blocks.flatMap((block) => block.lines.map(({ text }) => text));

it('keeps the order of lines, whatever pieces they come in', () => {
  const tail = new LogTail();
  tail.append(lines(0, 3));
  tail.append(lines(3, BLOCK * 2));
  tail.append(lines(3 + BLOCK * 2, 1));
  expect(texts(tail)).toEqual(lines(0, BLOCK * 2 + 4).map(({ text }) => text));
});

it('does not touch a full block again', () => {
  const tail = new LogTail();
  tail.append(lines(0, BLOCK));
  const [first] = tail.blocks;
  tail.append(lines(BLOCK, 5));
  expect(tail.blocks[0]).toBe(first);
});

it('lets the oldest lines go', () => {
  const tail = new LogTail();
  for (let at = 0; at < MOST * 2; at += 1000) tail.append(lines(at, 1000));
  expect(texts(tail)).toHaveLength(MOST);
  expect(texts(tail).at(-1)).toBe(`line ${MOST * 2 - 1}`);
});

it('tells at most four times a second', () => {
  const tail = new LogTail();
  const told = vi.fn();
  tail.subscribe(told);
  for (let n = 0; n < 100; n++) tail.append(lines(n, 1));
  vi.advanceTimersByTime(1000);
  expect(told).toHaveBeenCalledTimes(1);
});

it('begins anew after a lost connection, but keeps a log that has ended', () => {
  const tail = new LogTail();
  tail.append(lines(0, 5));
  tail.clear();
  tail.append(lines(0, 6));
  expect(texts(tail)).toHaveLength(6);
  tail.end();
  tail.clear();
  expect(texts(tail)).toHaveLength(6);
});
