import { useSyncExternalStore } from 'react';
import { remembered } from '~/lib/storage';

// Which posts were opened, on this device. The server does not keep it yet, and guessing would be worse.
const MOST = 300;
const key = (viewer: string) => `porthole-read:${viewer}`;
const listeners = new Set<() => void>();
const stored = (viewer: string) => remembered.get(key(viewer)) ?? '';

export function markRead(viewer: string, post: string) {
  const ids = stored(viewer).split(' ').filter(Boolean);
  if (ids.includes(post)) return;
  remembered.set(key(viewer), [...ids, post].slice(-MOST).join(' '));
  for (const listener of listeners) listener();
}

export function useRead(viewer: string) {
  const ids = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => stored(viewer),
  );
  const known = new Set(ids.split(' '));
  return (post: string) => known.has(post);
}
