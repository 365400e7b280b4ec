import { useEffect, useState } from 'react';
import { remembered } from '~/lib/storage';

/** Text in the making, kept on this device until it is sent. */
export function useDraft(name: string, initial = '') {
  const key = `porthole-draft:${name}`;
  const [text, setText] = useState(() => remembered.get(key) ?? initial);
  useEffect(() => {
    const timer = setTimeout(() => remembered.set(key, text === initial ? '' : text), 200);
    return () => clearTimeout(timer);
  }, [key, text, initial]);
  const clear = () => {
    remembered.set(key, '');
    setText('');
  };
  return { text, setText, clear };
}

/** Ctrl or ⌘ with Enter sends; an Enter that only finishes a Hangul syllable does not. */
export const sendKey = (send: () => void) => (event: React.KeyboardEvent) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
  event.preventDefault();
  send();
};
