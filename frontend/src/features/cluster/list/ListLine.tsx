import { memo, useRef } from 'react';
import { useRow } from '~/lib/liveStore';
import css from './ListTable.module.css';
import type { List } from './list';

type Props<T extends { id: string }> = {
  list: List<T>;
  id: string;
  index: number;
  offset: number;
  height: number;
  /** Tells how high the line became. */
  measure: ((line: Element | null) => void) | undefined;
  gap: boolean;
};

/** One row. It listens for itself, so a change renders this row and no other. */
function Line<T extends { id: string }>({ list, id, index, offset, height, measure, gap }: Props<T>) {
  const { row, justNow } = useRow(list.feed, id);
  // A row that is gone keeps its line until the list closes up: no hole in between.
  const last = useRef(row);
  if (row) last.current = row;
  const shown = row ?? last.current;
  if (!shown) return null;
  return (
    <div
      role="row"
      // The head is the first.
      aria-rowindex={index + 2}
      data-row={id}
      data-index={index}
      data-changed={justNow || undefined}
      ref={measure}
      className={`${css.columns} ${css.row} ${gap ? css.gap : ''}`}
      style={{ height: measure ? undefined : height, transform: `translateY(${offset}px)` }}
    >
      {list.columns.map(({ key, slot, cell }) => (
        <div role="cell" key={key} className={css[slot]}>
          {cell(shown, justNow)}
        </div>
      ))}
    </div>
  );
}

export const ListLine = memo(Line) as typeof Line;
