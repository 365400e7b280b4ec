import type { ReactNode } from 'react';
import css from './Segmented.module.css';

export type Segment<V extends string> = { value: V; label: string; count?: number | undefined; mark?: ReactNode };

export function Segmented<V extends string>(props: {
  label: string;
  value: V;
  segments: Segment<V>[];
  onPick(value: V): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a visible legend and resists flex layout
    <div className={css.segments} role="group" aria-label={props.label}>
      {props.segments.map(({ value, label, count, mark }) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onPick(value)}>
          {mark}
          {label}
          {count !== undefined && <b>{count}</b>}
        </button>
      ))}
    </div>
  );
}
