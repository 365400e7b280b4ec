import { useEffect, useSyncExternalStore } from 'react';
import type { GqlError } from './graphql';
import type { Sink } from './live';

export type Freshness = { observedAt?: string | null; stale: boolean };

/** The five kinds of event of every subscription; told apart by what they carry. */
export type StreamEvent<T> =
  | { items: T[]; freshness?: Freshness | null }
  | { object: T }
  | { id: string }
  | { reason: string }
  // Aliased in the queries: beside the Snapshot's the same name would have two types.
  | { at: string; beat?: Freshness | null };

export type Phase = 'loading' | 'ready' | 'failed';
type Listener = () => void;

/** How long a changed row says "just now". */
export const JUST_NOW = 5000;
const ROW_FLUSH = 250;
const LIST_FLUSH = 1000;

/**
 * Rows of a live list. They live outside React and outside the query cache: a change wakes its own row at most four
 * times a second, and the list (order and membership) at most once a second, whatever the stream does.
 */
export class LiveStore<T extends { id: string }> {
  readonly rows = new Map<string, T>();
  readonly changedAt = new Map<string, number>();
  phase: Phase = 'loading';
  error: GqlError | undefined;
  freshness: Freshness | undefined;

  private version = 0;
  private inSync = false;
  private rowListeners = new Map<string, Set<Listener>>();
  private listListeners = new Set<Listener>();
  private dirty = new Set<string>();
  private rowTimer: ReturnType<typeof setTimeout> | undefined;
  private listTimer: ReturnType<typeof setTimeout> | undefined;
  private lastList = 0;

  apply(event: StreamEvent<T>) {
    if ('items' in event) this.replace(event.items, event.freshness);
    else if ('object' in event) this.upsert(event.object);
    else if ('id' in event) this.remove(event.id);
    else if ('reason' in event) this.inSync = false;
    else this.refresh(event.beat);
  }

  fail(error: GqlError) {
    this.error = error;
    this.phase = 'failed';
    this.tellList();
  }

  /** Back to the beginning, before another try. */
  reset() {
    this.rows.clear();
    this.changedAt.clear();
    this.inSync = false;
    this.phase = 'loading';
    this.error = undefined;
    this.freshness = undefined;
    this.tellList();
  }

  private replace(items: readonly T[], freshness?: Freshness | null) {
    for (const id of this.rows.keys()) this.dirty.add(id);
    this.rows.clear();
    for (const item of items) {
      this.rows.set(item.id, item);
      this.dirty.add(item.id);
    }
    this.inSync = true;
    this.phase = 'ready';
    this.error = undefined;
    if (freshness) this.freshness = freshness;
    this.flushRowsSoon();
    this.tellList();
  }

  // After a Resync the deltas belong to a state we no longer have: the Snapshot that follows contains them.
  private upsert(item: T) {
    if (!this.inSync) return;
    const before = this.rows.get(item.id);
    // Events come at least once: the same state again is not a change.
    if (before && JSON.stringify(before) === JSON.stringify(item)) return;
    this.rows.set(item.id, item);
    this.markChanged(item.id);
    this.flushRowsSoon();
    this.tellListSoon();
  }

  private remove(id: string) {
    if (!this.inSync || !this.rows.delete(id)) return;
    this.changedAt.delete(id);
    this.dirty.add(id);
    this.flushRowsSoon();
    this.tellListSoon();
  }

  private refresh(freshness?: Freshness | null) {
    if (!freshness) return;
    const { stale, observedAt } = this.freshness ?? {};
    if (freshness.stale === stale && freshness.observedAt === observedAt) return;
    this.freshness = freshness;
    this.tellList();
  }

  private markChanged(id: string) {
    this.dirty.add(id);
    this.changedAt.set(id, Date.now());
    setTimeout(() => {
      if (Date.now() - (this.changedAt.get(id) ?? 0) < JUST_NOW) return;
      this.changedAt.delete(id);
      this.dirty.add(id);
      this.flushRowsSoon();
    }, JUST_NOW);
  }

  private flushRowsSoon() {
    this.rowTimer ??= setTimeout(() => {
      requestAnimationFrame(() => {
        this.rowTimer = undefined;
        const woken = [...this.dirty];
        this.dirty.clear();
        for (const id of woken) for (const listener of this.rowListeners.get(id) ?? []) listener();
      });
    }, ROW_FLUSH);
  }

  private tellListSoon() {
    const due = LIST_FLUSH - (performance.now() - this.lastList);
    if (due <= 0) this.tellList();
    else this.listTimer ??= setTimeout(() => this.tellList(), due);
  }

  private tellList() {
    clearTimeout(this.listTimer);
    this.listTimer = undefined;
    this.lastList = performance.now();
    this.version++;
    for (const listener of this.listListeners) listener();
  }

  subscribeRow(id: string, listener: Listener) {
    let set = this.rowListeners.get(id);
    if (!set) {
      set = new Set();
      this.rowListeners.set(id, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (!set.size) this.rowListeners.delete(id);
    };
  }

  subscribeList = (listener: Listener) => {
    this.listListeners.add(listener);
    return () => this.listListeners.delete(listener);
  };

  getVersion = () => this.version;
}

/** A live store with its stream: open while somebody looks, and a moment longer, so that pages share it. */
export class Feed<T extends { id: string }> extends LiveStore<T> {
  private users = 0;
  private stop: (() => void) | undefined;
  private closing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly open: (feed: Feed<T>) => () => void) {
    super();
  }

  /** Where its stream pours into. */
  sink<R>(pick: (data: R) => StreamEvent<T>): Sink<R> {
    return {
      next: (data) => this.apply(pick(data)),
      error: (error) => this.fail(error),
      again: () => {
        if (!this.users) this.close();
      },
    };
  }

  acquire() {
    clearTimeout(this.closing);
    // Whoever comes anew asks anew: what was refused may be allowed by now.
    if (!this.users++ && this.phase === 'failed') this.close();
    this.stop ??= this.open(this);
    return () => {
      if (--this.users) return;
      this.closing = setTimeout(() => this.close(), 5000);
    };
  }

  retry = () => {
    this.close();
    this.stop = this.open(this);
  };

  private close() {
    clearTimeout(this.closing);
    this.stop?.();
    this.stop = undefined;
    this.reset();
  }
}

/** Keeps the feed open and re-renders when its list changes. */
export function useFeed<T extends { id: string }>(feed: Feed<T>) {
  useEffect(() => feed.acquire(), [feed]);
  return useSyncExternalStore(feed.subscribeList, feed.getVersion);
}

export function useRow<T extends { id: string }>(store: LiveStore<T>, id: string) {
  const row = useSyncExternalStore(
    (listener) => store.subscribeRow(id, listener),
    () => store.rows.get(id),
  );
  const changedAt = useSyncExternalStore(
    (listener) => store.subscribeRow(id, listener),
    () => store.changedAt.get(id),
  );
  return { row, justNow: changedAt !== undefined };
}
