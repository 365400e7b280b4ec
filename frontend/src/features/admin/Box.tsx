import { useEffect, useRef, useState } from 'react';
import css from './Box.module.css';

type Props = {
  label: string;
  state: 'own' | 'given' | 'none';
  why: string;
  /** `show` shows it before its state does; undefined: as its state is. */
  onTick(allowed: boolean, box: HTMLElement, show: (allowed: boolean | undefined) => void): void;
};

/** One box of the grid. What was ticked just now keeps a wash, so that the eye finds it again. */
export function Box({ label, state, why, onTick }: Props) {
  const [washed, setWashed] = useState(false);
  // The box follows the finger; the cache, which follows a moment later, takes over.
  const [touched, setTouched] = useState<boolean>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever the state became, it is newer than the touch
  useEffect(() => setTouched(undefined), [state]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label className={`${css.cell} ${washed ? css.washed : ''}`} title={state === 'given' ? why : undefined}>
      <input
        type="checkbox"
        aria-label={state === 'given' ? `${label} (${why})` : label}
        checked={touched ?? state !== 'none'}
        // Not disabled: the reason must be reachable by keyboard.
        aria-disabled={state === 'given' || undefined}
        onChange={(event) => {
          if (state === 'given') return;
          onTick(event.currentTarget.checked, event.currentTarget, setTouched);
          setWashed(true);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => setWashed(false), 5000);
        }}
      />
    </label>
  );
}
