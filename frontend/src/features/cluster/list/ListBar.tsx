import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useI18n } from '~/locales';
import { Pick } from '~/ui/Field';
import { SearchInput } from '~/ui/SearchInput';
import { Segmented } from '~/ui/Segmented';
import { ToneMark } from '~/ui/Status';
import css from './ListPage.module.css';
import type { List } from './list';
import type { ListSearch } from './search';

type Props<T extends { id: string }> = {
  list: List<T>;
  search: ListSearch;
  onSearch(search: ListSearch): void;
  /** The rows that the filter and the choices let through. */
  found: T[];
};

export function ListBar<T extends { id: string }>({ list, search, onSearch, found }: Props<T>) {
  const { t } = useI18n();
  const c = t.cluster;
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const rows = [...list.feed.rows.values()];
  const values = (of: (row: T) => string | null | undefined, chosen?: string) =>
    [...new Set([...rows.map(of), chosen].filter((value): value is string => !!value))].sort();
  return (
    <div className={css.bar}>
      <SearchInput
        ref={input}
        label={c.filter}
        hotkey="/"
        value={search.q ?? ''}
        onCommit={(q) => onSearch({ ...search, q: q || undefined })}
      />
      {list.parts.length > 0 && (
        <Segmented
          label={c.show}
          value={search.show ?? 'all'}
          onPick={(show) => onSearch({ ...search, show: show === 'all' ? undefined : show })}
          segments={[
            { value: 'all', label: c.all, count: found.length },
            ...list.parts.map(({ value, label, holds, tone }) => {
              const count = found.filter(holds).length;
              return { value, label, count, mark: count > 0 && tone && <ToneMark tone={tone(found)} /> };
            }),
          ]}
        />
      )}
      {list.choices.map(({ key, label, all, of }) => {
        const found = values(of, search[key]);
        // One cluster is the usual case: there is nothing to choose.
        if (key === 'cluster' && found.length < 2) return null;
        return (
          <Pick
            key={key}
            aria-label={label}
            className={css.pick ?? ''}
            value={search[key] ?? ''}
            onChange={(event) => onSearch({ ...search, [key]: event.currentTarget.value || undefined })}
          >
            <option value="">{all}</option>
            {found.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Pick>
        );
      })}
    </div>
  );
}
