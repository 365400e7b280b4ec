import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '~/ui/Icon';
import { ListLine } from './ListLine';
import css from './ListTable.module.css';
import type { Column, List } from './list';
import { keepInPlace, matches, shows, sorted } from './order';
import type { ListSearch } from './search';

const DENSE = 32;
const TWO_LINES = 60;

type Props<T extends { id: string }> = {
  list: List<T>;
  search: ListSearch;
  onSearch(search: ListSearch): void;
  version: number;
};

/**
 * A table of divs with explicit roles: on a phone its rows become grids of two lines, which would strip a real table
 * of its meaning. Only the rows near the window exist; the list is ordered at most once a second.
 */
export function ListTable<T extends { id: string }>({ list, search, onSearch, version }: Props<T>) {
  const { feed, groupOf, tall } = list;
  const held = useRef<string>(undefined);
  const before = useRef<string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows outside React
  const ids = useMemo(() => {
    const rows = [...feed.rows.values()].filter((row) => matches(list, row, search) && shows(list, row, search.show));
    const next = sorted(list, rows, search).map(({ id }) => id);
    before.current = keepInPlace(next, before.current, held.current);
    return before.current;
  }, [version, search, list]);

  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // Whatever stands above (a banner comes and goes) moves the table: measure after each render.
  useLayoutEffect(() => {
    const now = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    if (Math.abs(now - top) > 1) setTop(now);
  });
  const twoLines = useMediaQuery('(max-width: 60em)', undefined, { getInitialValueInEffect: false });
  const virtual = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => (twoLines || tall ? TWO_LINES : DENSE),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => ids[index] as string,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height makes every measure wrong
  useLayoutEffect(() => virtual.measure(), [twoLines]);

  const lastOfGroup = (index: number) => {
    const own = feed.rows.get(ids[index] as string);
    const next = feed.rows.get(ids[index + 1] as string);
    return !search.sort && !!groupOf && !!own && !!next && groupOf(own) !== groupOf(next);
  };
  return (
    <div
      role="table"
      aria-label={list.words.caption}
      aria-rowcount={ids.length + 1}
      className={`${css.table} ${tall ? css.tall : ''}`}
      style={widths(list.columns)}
    >
      <ListHead columns={list.columns} search={search} onSearch={onSearch} />
      <div
        role="rowgroup"
        ref={body}
        className={css.body}
        style={{ height: virtual.getTotalSize() }}
        onPointerOver={(event) => {
          held.current = (event.target as Element).closest<HTMLElement>('[data-row]')?.dataset.row;
        }}
        onPointerLeave={() => {
          held.current = undefined;
        }}
      >
        {virtual.getVirtualItems().map((item) => (
          <ListLine
            key={item.key}
            id={ids[item.index] as string}
            list={list}
            index={item.index}
            offset={item.start - virtual.options.scrollMargin}
            height={item.size}
            measure={tall ? virtual.measureElement : undefined}
            gap={lastOfGroup(item.index)}
          />
        ))}
      </div>
    </div>
  );
}

/** The widths of the columns, for a wide window and for a narrower one. */
const widths = <T,>(columns: Column<T>[]) =>
  ({
    '--columns': columns.map(({ width }) => width).join(' '),
    '--columns-narrow': columns
      .filter(({ slot }) => slot !== 'wide')
      .map(({ width, narrow }) => narrow ?? width)
      .join(' '),
  }) as CSSProperties;

type HeadProps<T> = { columns: Column<T>[]; search: ListSearch; onSearch(search: ListSearch): void };

function ListHead<T>({ columns, search, onSearch }: HeadProps<T>) {
  return (
    <div role="rowgroup" className={css.head}>
      <div role="row" aria-rowindex={1} className={css.columns}>
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} search={search} onSearch={onSearch} />
        ))}
      </div>
    </div>
  );
}

function HeadCell<T>({ column, search, onSearch }: Omit<HeadProps<T>, 'columns'> & { column: Column<T> }) {
  const { key, head, slot, order, first } = column;
  if (first)
    return (
      <div role="columnheader" className={css[slot]} aria-sort={search.sort ? 'none' : 'descending'}>
        <button type="button" onClick={() => onSearch({ ...search, sort: undefined, dir: undefined })}>
          {search.sort ? head : first}
        </button>
      </div>
    );
  if (!order)
    return (
      <div role="columnheader" className={css[slot]}>
        {head}
      </div>
    );
  const active = search.sort === key;
  const down = active && search.dir === 'desc';
  const flip = () => onSearch({ ...search, sort: key, dir: active && !down ? 'desc' : 'asc' });
  return (
    <div role="columnheader" className={css[slot]} aria-sort={active ? (down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={flip}>
        {head}
        {active && <Icon name={down ? 'down' : 'up'} small />}
      </button>
    </div>
  );
}
