import { type Ref, useEffect, useRef, useState } from 'react';
import { Icon } from './Icon';
import css from './SearchInput.module.css';

type Props = {
  value: string;
  label: string;
  onCommit(value: string): void;
  ref?: Ref<HTMLInputElement>;
  hotkey?: string;
};

/**
 * A filter whose value lives in the URL. Navigation commits late, so an input controlled by the URL loses the caret
 * and tears Hangul apart while it is composed; the text stays local and is committed once it rests.
 */
export function SearchInput({ value, label, onCommit, ref, hotkey }: Props) {
  const [text, setText] = useState(value);
  const [composing, setComposing] = useState(false);
  const sent = useRef(value);

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value; // Changed elsewhere: the back button, or "Clear the filter".
    setText(value);
  }, [value]);

  useEffect(() => {
    if (composing || text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onCommit(text);
    }, 250);
    return () => clearTimeout(timer);
  }, [text, composing, onCommit]);

  return (
    <div className={css.box}>
      <Icon name="search" />
      <input
        ref={ref}
        type="search"
        className={css.input}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={(event) => {
          setComposing(false);
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          if (text) setText('');
          else event.currentTarget.blur();
        }}
      />
      {hotkey && !text && <kbd>{hotkey}</kbd>}
    </div>
  );
}
