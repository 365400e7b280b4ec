import { useSyncExternalStore } from 'react';
import { useI18n } from '~/locales';
import { Button, IconButton } from './Button';
import { Mark } from './Status';
import css from './toast.module.css';

/** What a toast offers, such as to undo what it tells. */
export type ToastAct = { label: string; run(): void };
type Toast = { id: number; text: string; bad: boolean; act?: ToastAct | undefined };

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const set = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id));

function show(text: string, bad: boolean, act?: ToastAct) {
  const id = ++last;
  set([...toasts.slice(-2), { id, text, bad, act }]);
  // Bad news stays until somebody has read it; what can be undone stays long enough to reach.
  if (!bad) setTimeout(() => dismiss(id), act ? 8000 : 5000);
}

export const toast = {
  well: (text: string, act?: ToastAct) => show(text, false, act),
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
      {shown.map(({ id, text, bad, act }) => (
        <div key={id} className={`${css.toast} ${bad ? css.bad : ''}`}>
          <Mark name={bad ? 'critical' : 'ok'} />
          <span>{text}</span>
          {act && (
            <Button
              small
              onClick={() => {
                act.run();
                dismiss(id);
              }}
            >
              {act.label}
            </Button>
          )}
          <IconButton icon="x" label={t.app.close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
