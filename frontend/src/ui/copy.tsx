import { useState } from 'react';
import { useI18n } from '~/locales';
import { Button, IconButton } from './Button';
import css from './copy.module.css';
import { toast } from './toast';

/** Copies and says so; without the right to the clipboard it says that instead. */
export function useCopy() {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      toast.bad(t.app.copyRefused);
    }
  };
  return { copied, copy };
}

/** `text` may be made when it is wanted. */
export function CopyButton({ text, label, main }: { text: string | (() => string); label?: string; main?: boolean }) {
  const { t } = useI18n();
  const { copied, copy } = useCopy();
  return (
    <Button icon="copy" main={main ?? false} onClick={() => copy(typeof text === 'string' ? text : text())}>
      <span aria-live="polite">{copied ? t.app.copied : (label ?? t.app.copy)}</span>
    </Button>
  );
}

/** Something to be typed elsewhere, as it is. */
export function CodeBox({ text }: { text: string }) {
  const { t } = useI18n();
  const { copied, copy } = useCopy();
  return (
    <div className={css.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <code tabIndex={0}>{text}</code>
      <IconButton icon="copy" label={copied ? t.app.copied : t.app.copy} onClick={() => copy(text)} />
    </div>
  );
}
