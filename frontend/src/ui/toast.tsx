import { useSyncExternalStore } from 'react';
import { useI18n } from '~/locales';
import { IconButton } from './Button';
import { Mark } from './Status';
import css from './toast.module.css';

type Toast = { id: number; text: string; bad: boolean };

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const set = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id));

function show(text: string, bad: boolean) {
  const id = ++last;
  set([...toasts.slice(-2), { id, text, bad }]);
  // Bad news stays until somebody has read it.
  if (!bad) setTimeout(() => dismiss(id), 5000);
}

export const toast = {
  well: (text: string) => show(text, false),
  bad: (text: string) => show(text, true),
};

export function Toasts() {
  const { t } = useI18n();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={css.toasts} aria-live="polite">
      {shown.map(({ id, text, bad }) => (
        <div key={id} className={`${css.toast} ${bad ? css.bad : ''}`}>
          <Mark name={bad ? 'critical' : 'ok'} />
          <span>{text}</span>
          <IconButton icon="x" label={t.app.close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
