import { type ReactNode, useMemo } from 'react';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Failed, Say, Skeleton } from '~/ui/states';
import { FreshnessBanner } from '../Freshness';
import { SourceNotes, useClusters } from '../Sources';
import { ListBar } from './ListBar';
import css from './ListPage.module.css';
import { ListTable } from './ListTable';
import type { List } from './list';
import { matches, shows } from './order';
import type { ListSearch } from './search';

type Props<T extends { id: string }> = {
  list: List<T>;
  search: ListSearch;
  onSearch(search: ListSearch): void;
  acts?: ReactNode;
  /** Above the filter. */
  lead?: ReactNode;
  /** Instead of the usual words for a list without any rows. */
  none?: ReactNode;
};

/** A page that is one live list: what there is in a sentence, a filter, and the rows. */
export function ListPage<T extends { id: string }>({ list, search, onSearch, acts, lead, none }: Props<T>) {
  const { t } = useI18n();
  const { feed, words } = list;
  const version = useFeed(feed);
  const { data } = useClusters();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows outside React
  const found = useMemo(
    () => [...feed.rows.values()].filter((row) => matches(list, row, search)),
    [version, search, list],
  );
  const count = (show: string) => found.filter((row) => shows(list, row, show)).length;
  if (data?.clusters.length === 0)
    return (
      <>
        <PageHead title={words.title} />
        <Say title={t.cluster.off}>{t.cluster.offWhy}</Say>
      </>
    );
  const ready = feed.phase === 'ready';
  const all = feed.rows.size;
  const shown = found.filter((row) => shows(list, row, search.show)).length;
  const has = (show: string) => list.parts.some(({ value }) => value === show);
  return (
    <>
      <PageHead title={words.title} acts={acts}>
        {ready &&
          found.length > 0 &&
          words.summary(found.length, has('look') ? count('look') : 0, has('way') ? count('way') : 0)}
      </PageHead>
      {lead}
      <FreshnessBanner store={feed} />
      <SourceNotes kinds={list.sources} />
      <ListBar list={list} search={search} onSearch={onSearch} found={found} />
      <div className={css.wide}>
        {feed.phase === 'loading' && <Skeleton rows={14} />}
        {feed.phase === 'failed' && <Failed what={words.failed} error={feed.error} onRetry={feed.retry} />}
        {ready && all === 0 && (none ?? <Say title={words.none}>{words.noneWhy}</Say>)}
        {ready && all > 0 && shown === 0 && (
          <Say
            title={search.q ? words.noMatch(search.q) : words.noMatchFilter}
            act={<Button onClick={() => onSearch({})}>{t.states.clearFilter}</Button>}
          >
            {words.without(all)}
          </Say>
        )}
        {ready && shown > 0 && (
          <>
            <ListTable list={list} search={search} onSearch={onSearch} version={version} />
            <p className={css.foot}>
              <span>{t.cluster.shown(shown, all)}</span>
              <span>{t.cluster.steady}</span>
            </p>
          </>
        )}
      </div>
    </>
  );
}
