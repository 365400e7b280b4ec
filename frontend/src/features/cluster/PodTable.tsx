import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useI18n } from '~/locales';
import { Icon } from '~/ui/Icon';
import { groupOf } from './health';
import { PodLine } from './PodLine';
import css from './PodTable.module.css';
import { podFeed } from './podFeed';
import { keepInPlace, matches, type PodSearch, shows, sorted } from './podOrder';

const DENSE = 32;
const TWO_LINES = 60;

type Props = { search: PodSearch; onSearch(search: PodSearch): void; version: number };

/**
 * A table of divs with explicit roles: on a phone its rows become grids of two lines, which would strip a real table
 * of its meaning. Only the rows near the window exist; the list is ordered at most once a second.
 */
export function PodTable({ search, onSearch, version }: Props) {
  const { t } = useI18n();
  const held = useRef<string>(undefined);
  const before = useRef<string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows outside React
  const ids = useMemo(() => {
    const pods = [...podFeed.rows.values()].filter((pod) => matches(pod, search) && shows(pod, search.show));
    const next = sorted(pods, search).map((pod) => pod.id);
    before.current = keepInPlace(next, before.current, held.current);
    return before.current;
  }, [version, search]);

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
    estimateSize: () => (twoLines ? TWO_LINES : DENSE),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => ids[index] as string,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height makes every measure wrong
  useLayoutEffect(() => virtual.measure(), [twoLines]);

  const lastOfGroup = (index: number) => {
    const own = podFeed.rows.get(ids[index] as string);
    const next = podFeed.rows.get(ids[index + 1] as string);
    return !search.sort && !!own && !!next && groupOf(own.health) !== groupOf(next.health);
  };
  return (
    <div role="table" aria-label={t.cluster.podsCaption} aria-rowcount={ids.length + 1} className={css.table}>
      <PodHead search={search} onSearch={onSearch} />
      <div
        role="rowgroup"
        ref={body}
        className={css.body}
        style={{ height: virtual.getTotalSize() }}
        onPointerOver={(event) => {
          held.current = (event.target as Element).closest<HTMLElement>('[data-pod]')?.dataset.pod;
        }}
        onPointerLeave={() => {
          held.current = undefined;
        }}
      >
        {virtual.getVirtualItems().map((item) => (
          <PodLine
            key={item.key}
            id={ids[item.index] as string}
            rowIndex={item.index + 2}
            offset={item.start - virtual.options.scrollMargin}
            height={item.size}
            gap={lastOfGroup(item.index)}
          />
        ))}
      </div>
    </div>
  );
}

function PodHead({ search, onSearch }: Omit<Props, 'version'>) {
  const { t } = useI18n();
  const { columns, worstFirst } = t.cluster;
  const sortable = (key: 'namespace' | 'name' | 'restarts' | 'age') => {
    const active = search.sort === key;
    const down = active && search.dir === 'desc';
    const flip = () => onSearch({ ...search, sort: key, dir: active && !down ? 'desc' : 'asc' });
    return (
      <div role="columnheader" aria-sort={active ? (down ? 'descending' : 'ascending') : 'none'}>
        <button type="button" onClick={flip}>
          {columns[key]}
          {active && <Icon name={down ? 'down' : 'up'} small />}
        </button>
      </div>
    );
  };
  const healthFirst = !search.sort;
  return (
    <div role="rowgroup" className={css.head}>
      <div role="row" aria-rowindex={1} className={css.columns}>
        {sortable('namespace')}
        {sortable('name')}
        <div role="columnheader">{columns.ready}</div>
        <div role="columnheader" aria-sort={healthFirst ? 'descending' : 'none'}>
          <button type="button" onClick={() => onSearch({ ...search, sort: undefined, dir: undefined })}>
            {healthFirst ? worstFirst : columns.status}
          </button>
        </div>
        {sortable('restarts')}
        {sortable('age')}
        <div role="columnheader">{columns.node}</div>
      </div>
    </div>
  );
}
