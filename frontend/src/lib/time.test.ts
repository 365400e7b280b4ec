import { describe, expect, it } from 'vitest';
import { age, day, daysUntil, duration, moment, when } from './time';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

describe('age, as kubectl writes it', () => {
  it.each([
    [-5 * s, '0s'],
    [22 * s, '22s'],
    [119 * s, '119s'],
    [16 * m, '16m'],
    [119 * m, '119m'],
    [3 * h, '3h'],
    [47 * h, '47h'],
    [2 * d, '2d'],
    [31 * d + h, '31d'],
  ])('%i ms is %s', (ms, text) => expect(age(ms)).toBe(text));
});

describe('duration, in words', () => {
  it.each([
    ['en', 40 * s, '40 seconds'],
    ['en', 14 * m, '14 minutes'],
    ['en', 1 * m, '1 minute'],
    ['en', 3 * h, '3 hours'],
    ['en', 5 * d, '5 days'],
    ['ko', 14 * m, '14분'],
    ['ko', 3 * h, '3시간'],
  ] as const)('%s %i', (locale, ms, text) => expect(duration(locale, ms)).toBe(text));
});

describe('when somebody wrote', () => {
  const now = new Date(2026, 10, 23, 12, 3, 7).getTime();
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();
  it.each([
    ['en', now - 10 * s, 'just now'],
    ['ko', now - 10 * s, '방금'],
    ['en', now - 3 * m, '3 minutes ago'],
    ['en', at(2026, 10, 23, 9, 12), '09:12'],
    ['en', at(2026, 10, 22, 23, 59), 'yesterday'],
    ['en', at(2026, 10, 20, 8, 0), 'Friday'],
    ['en', at(2026, 10, 9, 8, 0), '9 Nov'],
    ['en', at(2025, 10, 9, 8, 0), '9 Nov 2025'],
    ['ko', now - 3 * m, '3분 전'],
    ['ko', at(2026, 10, 22, 10, 0), '어제'],
    ['ko', at(2026, 10, 20, 8, 0), '금요일'],
    ['ko', at(2026, 10, 9, 8, 0), '11월 9일'],
  ] as const)('%s', (locale, then, text) => expect(when(locale, then, now)).toBe(text));

  it('writes only the time of what happened today', () => {
    expect(moment('en', at(2026, 10, 23, 2, 40), now)).toBe('02:40');
    expect(moment('en', at(2026, 10, 22, 2, 40), now)).toBe('22 Nov 02:40');
    expect(day('en', at(2027, 0, 2, 0, 0), now)).toBe('2 Jan 2027');
  });

  it('counts whole days', () => {
    expect(daysUntil(now + 6 * d + 3 * h, now)).toBe(6);
    expect(daysUntil(now + 20 * h, now)).toBe(0);
  });
});
