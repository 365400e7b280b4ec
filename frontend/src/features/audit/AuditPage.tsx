import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError } from '~/ui/Field';
import { PageHead } from '~/ui/PageHead';
import { Banner, Failed, Say, Skeleton, useReason } from '~/ui/states';
import { AuditBar, useActor } from './AuditBar';
import css from './AuditPage.module.css';
import { AuditTable } from './AuditTable';
import { type AuditSearch, exportUrl, filterOf, loadEvents, loadTotal, wholeKind } from './audit';

type Props = { search: AuditSearch; onSearch(next: AuditSearch): void };

/** What was done and refused, newest first. */
export function AuditPage({ search, onSearch }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  const reason = useReason();
  const events = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam }) => loadEvents(filterOf(search), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ auditEvents: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    placeholderData: keepPreviousData,
  });
  const lines = events.data?.pages.flatMap((page) => page.auditEvents.nodes);
  const olderFailed = events.isFetchNextPageError;
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
      <AuditBar search={search} onSearch={onSearch} />
      {lines && events.isError && !olderFailed && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={css.wide} aria-busy={events.isPlaceholderData || undefined}>
        {!lines &&
          (events.isError ? (
            <Failed what={a.failed} error={events.error} onRetry={() => events.refetch()} />
          ) : (
            <Skeleton rows={12} />
          ))}
        {lines?.length === 0 && <Nothing search={search} onClear={() => onSearch({})} />}
        {!!lines?.length && <AuditTable lines={lines} />}
      </div>
      {olderFailed && (
        <FormError>
          {a.olderFailed} {reason(events.error)}
        </FormError>
      )}
      {events.hasNextPage && !events.isPlaceholderData && (
        <Button onClick={() => events.fetchNextPage()} busy={events.isFetchingNextPage} className={css.more ?? ''}>
          {a.older}
        </Button>
      )}
    </>
  );
}

/** Quotes the filter: what was left in it from before is easily overlooked. */
function Nothing({ search, onClear }: { search: AuditSearch; onClear(): void }) {
  const { t } = useI18n();
  const a = t.audit;
  const { q, outcome, actions, actor, since, until } = search;
  const isFiltered = Object.values(search).some(Boolean);
  const name = useActor(actor);
  const total = useQuery({ queryKey: ['audit-total'], queryFn: loadTotal, enabled: isFiltered }).data;
  if (!isFiltered) return <Say title={a.none} />;
  const kind = wholeKind(actions ?? []);
  const filter = [
    q && a.quoted(q),
    outcome && a.outcome[outcome],
    kind ? a.kinds[kind] : actions?.map((action) => a.actions[action]).join(', '),
    actor && a.by(name),
    since && a.sinceDay(since),
    until && a.untilDay(until),
  ];
  return (
    <Say title={a.noMatch} act={<Button onClick={onClear}>{t.states.clearFilter}</Button>}>
      {filter.filter(Boolean).join(' · ')}
      {total !== undefined && (
        <>
          <br />
          {a.without(total)}
        </>
      )}
    </Say>
  );
}
