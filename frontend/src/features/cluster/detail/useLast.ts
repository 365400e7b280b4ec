import { useRef } from 'react';

/** The value, or the last one there was. */
export function useLast<T>(value: T | undefined) {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return value ?? last.current;
}
