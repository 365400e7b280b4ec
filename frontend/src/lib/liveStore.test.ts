import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JUST_NOW, LiveStore } from './liveStore';

type Row = { id: string; value: number };
const row = (id: string, value = 0): Row => ({ id, value });
const ids = (store: LiveStore<Row>) => [...store.rows.keys()];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance', 'requestAnimationFrame'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the order of events', () => {
  it('knows nothing before the first snapshot', () => {
    const store = new LiveStore<Row>();
    store.apply({ object: row('a') });
    store.apply({ id: 'b' });
    expect(store.phase).toBe('loading');
    expect(ids(store)).toEqual([]);
  });

  it('takes a snapshot, then changes it', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [row('a'), row('b')] });
    store.apply({ object: row('a', 1) });
    store.apply({ object: row('c') });
    store.apply({ id: 'b' });
    expect(store.phase).toBe('ready');
    expect(ids(store)).toEqual(['a', 'c']);
    expect(store.rows.get('a')?.value).toBe(1);
  });

  it('keeps the old rows through a resync, ignores deltas until the new snapshot, then holds only that', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [row('a'), row('b')] });
    store.apply({ reason: 'LAGGED' });
    store.apply({ object: row('late', 9) });
    store.apply({ id: 'a' });
    expect(ids(store)).toEqual(['a', 'b']);
    expect(store.phase).toBe('ready');
    store.apply({ items: [row('b', 2)] });
    expect([...store.rows.values()]).toEqual([row('b', 2)]);
    store.apply({ object: row('c') });
    expect(ids(store)).toEqual(['b', 'c']);
  });

  it('takes the snapshot of a new connection over whatever it had', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [row('a')] });
    store.apply({ items: [row('b')] });
    expect(ids(store)).toEqual(['b']);
  });

  it('hears of freshness from snapshots and heartbeats', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [], freshness: { stale: false, observedAt: 'x' } });
    store.apply({ at: 'y', beat: null });
    expect(store.freshness?.stale).toBe(false);
    store.apply({ at: 'z', beat: { stale: true, observedAt: 'x' } });
    expect(store.freshness?.stale).toBe(true);
  });
});

describe('waking up', () => {
  it('wakes only the changed row, once for many changes', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [row('a'), row('b')] });
    vi.advanceTimersByTime(2000);
    const a = vi.fn();
    const b = vi.fn();
    store.subscribeRow('a', a);
    store.subscribeRow('b', b);
    for (let value = 1; value < 20; value++) store.apply({ object: row('a', value) });
    vi.advanceTimersByTime(400);
    expect(a).toHaveBeenCalledTimes(1);
    expect(b).not.toHaveBeenCalled();
  });

  it('tells the list at most once a second', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [] });
    vi.advanceTimersByTime(2000);
    const list = vi.fn();
    store.subscribeList(list);
    for (let step = 0; step < 30; step++) {
      store.apply({ object: row(`r${step}`) });
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(1000);
    expect(list.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(list.mock.calls.length).toBeLessThanOrEqual(5);
  });

  it('says "just now" for five seconds, and not for the same state again', () => {
    const store = new LiveStore<Row>();
    store.apply({ items: [row('a'), row('b')] });
    expect(store.changedAt.size).toBe(0);
    store.apply({ object: row('b') });
    expect(store.changedAt.has('b')).toBe(false);
    store.apply({ object: row('a', 1) });
    vi.advanceTimersByTime(JUST_NOW - 500);
    expect(store.changedAt.has('a')).toBe(true);
    store.apply({ object: row('a', 2) });
    vi.advanceTimersByTime(JUST_NOW - 500);
    expect(store.changedAt.has('a')).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(store.changedAt.has('a')).toBe(false);
  });
});
