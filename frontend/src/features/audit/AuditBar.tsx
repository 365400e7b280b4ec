import { useQuery } from '@tanstack/react-query';
import { useI18n } from '~/locales';
import { IconButton } from '~/ui/Button';
import { SearchInput } from '~/ui/SearchInput';
import { Segmented } from '~/ui/Segmented';
import { ActionPicker } from './ActionPicker';
import css from './AuditPage.module.css';
import { type AuditSearch, loadActor } from './audit';

type Props = { search: AuditSearch; onSearch(next: AuditSearch): void };

/** What narrows the log; all of it stands in the address. */
export function AuditBar({ search, onSearch }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  const set = (change: AuditSearch) => onSearch({ ...search, ...change });
  return (
    <div className={css.bar}>
      <SearchInput label={a.filter} value={search.q ?? ''} onCommit={(q) => set({ q: q || undefined })} />
      <Segmented
        label={a.columns.outcome}
        value={search.outcome ?? ('ALL' as const)}
        segments={[
          { value: 'ALL', label: a.all },
          { value: 'DONE', label: a.outcome.DONE },
          { value: 'DENIED', label: a.outcome.DENIED },
        ]}
        onPick={(outcome) => set({ outcome: outcome === 'ALL' ? undefined : outcome })}
      />
      <ActionPicker
        picked={search.actions ?? []}
        onPick={(actions) => set({ actions: actions.length ? actions : undefined })}
      />
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
  const name = useActor(id);
  return (
    <span className={css.chip}>
      {t.audit.by(name)}
      <IconButton icon="x" label={t.audit.clearActor} onClick={onClear} />
    </span>
  );
}

/** The name of the account whose events are shown. */
export function useActor(id: string | undefined) {
  const { t } = useI18n();
  const { data, isPending } = useQuery({
    queryKey: ['audit-actor', id],
    queryFn: async () => (id && (await loadActor(id))) || null,
    enabled: !!id,
  });
  return data ?? (isPending ? '…' : t.audit.somebodyGone);
}
