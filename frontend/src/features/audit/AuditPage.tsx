import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useI18n } from '~/locales';
import { Button, IconButton } from '~/ui/Button';
import { Pick } from '~/ui/Field';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Segmented } from '~/ui/Segmented';
import { Failed, Say, Skeleton } from '~/ui/states';
import css from './AuditPage.module.css';
import { AuditTable } from './AuditTable';
import { type AuditSearch, exportUrl, filterOf, type Kind, kinds, loadActor, loadEvents } from './audit';

type Props = { search: AuditSearch; onSearch(next: AuditSearch): void };

/** What was done and refused, newest first. */
export function AuditPage({ search, onSearch }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  const events = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam }) => loadEvents(filterOf(search), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ auditEvents: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  const lines = events.data?.pages.flatMap((page) => page.auditEvents.nodes);
  const isFiltered = Object.values(search).some(Boolean);
  return (
    <>
      <PageHead
        title={a.title}
        acts={
          <>
            <a className={css.export} href={exportUrl('csv', search)} download>
              {a.csv}
            </a>
            <a className={css.export} href={exportUrl('jsonl', search)} download>
              {a.jsonl}
            </a>
          </>
        }
      >
        {a.lead}
      </PageHead>
      <Bar search={search} onSearch={onSearch} />
      <div className={css.wide}>
        {!lines &&
          (events.isError ? (
            <Failed what={a.failed} error={events.error} onRetry={() => events.refetch()} />
          ) : (
            <Skeleton rows={12} />
          ))}
        {lines?.length === 0 && (
          <Say
            title={isFiltered ? a.noMatch : a.none}
            act={isFiltered && <Button onClick={() => onSearch({})}>{t.states.clearFilter}</Button>}
          />
        )}
        {!!lines?.length && <AuditTable lines={lines} />}
      </div>
      {events.hasNextPage && (
        <Button onClick={() => events.fetchNextPage()} busy={events.isFetchingNextPage} className={css.more ?? ''}>
          {a.older}
        </Button>
      )}
    </>
  );
}

function Bar({ search, onSearch }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  const set = (change: AuditSearch) => onSearch({ ...search, ...change });
  return (
    <div className={css.bar}>
      <SearchInput label={a.filter} value={search.q ?? ''} onCommit={(q) => set({ q: q || undefined })} />
      <Segmented
        label={a.columns.outcome}
        value={search.outcome ?? 'ALL'}
        segments={[
          { value: 'ALL', label: a.all },
          { value: 'DONE', label: a.outcome.DONE },
          { value: 'DENIED', label: a.outcome.DENIED },
        ]}
        onPick={(outcome) => set({ outcome: outcome === 'ALL' ? undefined : (outcome as 'DONE' | 'DENIED') })}
      />
      <Pick
        aria-label={a.kindLabel}
        value={search.kind ?? ''}
        onChange={(event) => set({ kind: (event.currentTarget.value || undefined) as Kind | undefined })}
      >
        <option value="">{a.anything}</option>
        {(Object.keys(kinds) as Kind[]).map((kind) => (
          <option key={kind} value={kind}>
            {a.kinds[kind]}
          </option>
        ))}
      </Pick>
      <label className={css.day}>
        {a.since}
        <input
          type="date"
          value={search.since ?? ''}
          onChange={(event) => set({ since: event.currentTarget.value || undefined })}
        />
      </label>
      <label className={css.day}>
        {a.until}
        <input
          type="date"
          value={search.until ?? ''}
          onChange={(event) => set({ until: event.currentTarget.value || undefined })}
        />
      </label>
      {search.actor && <Actor id={search.actor} onClear={() => set({ actor: undefined })} />}
    </div>
  );
}

function Actor({ id, onClear }: { id: string; onClear(): void }) {
  const { t } = useI18n();
  const { data } = useQuery({
    queryKey: ['audit-actor', id],
    queryFn: async () => (await loadActor(id)) ?? t.audit.somebodyGone,
  });
  return (
    <span className={css.chip}>
      {t.audit.by(data ?? '…')}
      <IconButton icon="x" label={t.audit.clearActor} onClick={onClear} />
    </span>
  );
}
