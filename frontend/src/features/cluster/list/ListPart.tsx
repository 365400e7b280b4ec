import { useState } from 'react';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Failed, Skeleton } from '~/ui/states';
import css from './ListPart.module.css';
import { ListTable } from './ListTable';
import type { List } from './list';
import { matches } from './order';
import type { ListSearch } from './search';

type Props<T extends { id: string }> = { list: List<T>; title: string; none: string; first?: ListSearch };

/** A live list as a part of another page: without a filter. `first` says what it begins with. */
export function ListPart<T extends { id: string }>({ list, title, none, first = {} }: Props<T>) {
  const { t } = useI18n();
  const { feed, words } = list;
  const [search, setSearch] = useState(first);
  const version = useFeed(feed);
  const count = [...feed.rows.values()].filter((row) => matches(list, row, search)).length;
  return (
    <section className={css.part} aria-label={title}>
      <h2>{title}</h2>
      {feed.phase === 'loading' && <Skeleton rows={3} />}
      {feed.phase === 'failed' && <Failed what={words.failed} error={feed.error} onRetry={feed.retry} />}
      {feed.phase === 'ready' && count === 0 && <p className={css.none}>{none}</p>}
      {feed.phase === 'ready' && count > 0 && (
        <div className={css.wide} aria-live="off">
          <ListTable list={list} search={search} onSearch={setSearch} version={version} />
        </div>
      )}
      {feed.phase === 'ready' && feed.freshness?.stale && <p className={css.none}>{t.states.clusterSilent}</p>}
    </section>
  );
}
