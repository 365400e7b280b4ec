import type { ReactNode } from 'react';
import css from './Status.module.css';

const round = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
const ring = <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" />;
const dashed = (
  <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 1.5" />
);

// Each has an outline of its own: the colour is never the only thing that tells them apart.
const marks = {
  ok: (
    <>
      {ring}
      <path d="m5.4 8.2 1.8 1.8 3.4-3.7" fill="none" stroke="currentColor" strokeWidth="1.5" {...round} />
    </>
  ),
  progress: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" strokeOpacity=".35" />
      <path d="M8 1.8A6.2 6.2 0 0 1 13.4 11" fill="none" stroke="currentColor" strokeWidth="1.9" {...round} />
      <circle cx="8" cy="8" r="1.7" fill="currentColor" />
    </>
  ),
  warning: (
    <>
      <path d="M8 1.9 14.8 13.8H1.2z" fill="currentColor" stroke="currentColor" strokeWidth="1.4" {...round} />
      <path d="M8 6v3.6M8 11.9h.01" stroke="var(--ph-surface)" strokeWidth="1.6" {...round} />
    </>
  ),
  critical: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" stroke="var(--ph-surface)" strokeWidth="1.6" {...round} />
    </>
  ),
  unknown: (
    <>
      {dashed}
      <path
        d="M6.3 6.4a1.7 1.7 0 1 1 2.3 1.6c-.4.2-.6.5-.6.9v.1M8 11.1h.01"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        {...round}
      />
    </>
  ),
  stale: (
    <>
      {dashed}
      <path d="M8 4.8V8l2 1.6" fill="none" stroke="currentColor" strokeWidth="1.5" {...round} />
    </>
  ),
  done: (
    <>
      {ring}
      <path d="M5.5 8h5" stroke="currentColor" strokeWidth="1.5" {...round} />
    </>
  ),
  info: (
    <>
      {ring}
      <path d="M8 7.4v3.7M8 5h.01" stroke="currentColor" strokeWidth="1.6" {...round} />
    </>
  ),
  initial: (
    <>
      <circle cx="5.2" cy="10.6" r="3" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="m7.4 8.4 5.8-5.8M10.6 5.2l2 2" stroke="currentColor" strokeWidth="1.6" {...round} />
    </>
  ),
  locked: (
    <>
      <rect x="3" y="7" width="10" height="7.2" rx="1.6" fill="currentColor" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  asked: (
    <>
      <path d="M1.8 2.5h12.4v8.3H8L4.8 13.5v-2.7h-3z" fill="none" stroke="currentColor" strokeWidth="1.5" {...round} />
      <path d="M8 5v2M8 8.8h.01" stroke="currentColor" strokeWidth="1.5" {...round} />
    </>
  ),
  live: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="8" cy="8" r="3" fill="currentColor" />
    </>
  ),
  offline: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="m4 12 8-8" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
};

export type MarkName = keyof typeof marks;
export type Tone = 'ok' | 'progress' | 'warning' | 'critical' | 'unknown' | 'stale' | 'done' | 'info';

export function Mark({ name, className }: { name: MarkName; className?: string | undefined }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={className}>
      {marks[name]}
    </svg>
  );
}

/** A mark alone, in the ink of its tone; what it means must stand beside it in words. */
export const ToneMark = ({ tone }: { tone: Tone }) => (
  <span className={`${css.mark} ${css[tone]}`}>
    <Mark name={tone} />
  </span>
);

/** How something is: mark, word and colour together. A pill in stories and tags, plain in tables. */
export function Status(props: { tone: Tone; mark?: MarkName; pill?: boolean; title?: string; children: ReactNode }) {
  const { tone, mark = tone, pill, title, children } = props;
  return (
    <span className={`${css.status} ${css[tone]} ${pill ? css.pill : ''}`} title={title}>
      <Mark name={mark} />
      <span>{children}</span>
    </span>
  );
}
