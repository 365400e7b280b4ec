import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { UserStatus } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Segmented } from '~/ui/Segmented';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { AccessGrid } from './AccessGrid';
import { AddPerson } from './AddPerson';
import { columnsQuery, peopleQuery } from './access';
import css from './PeoplePage.module.css';

const statuses: UserStatus[] = ['NORMAL', 'LOCKED', 'INITIAL_PASSWORD', 'CHANGE_REQUESTED'];
export type PeopleSearch = { q?: string | undefined; status?: UserStatus | undefined };

export function PeoplePage({ search, onSearch }: { search: PeopleSearch; onSearch(next: PeopleSearch): void }) {
  const { t } = useI18n();
  const a = t.admin;
  const [adding, add] = useDisclosure();
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const people = useQuery(peopleQuery);
  const columns = useQuery(columnsQuery);
  const text = (search.q ?? '').toLowerCase();
  const found = people.data?.filter((user) => `${user.displayName} ${user.username}`.toLowerCase().includes(text));
  const shown = found?.filter((user) => !search.status || user.status === search.status);
  const count = (status: UserStatus) => found?.filter((user) => user.status === status).length;
  const failed = people.error ?? columns.error;
  return (
    <>
      <PageHead
        title={a.title}
        acts={
          <>
            <LinkButton to="/groups">{a.groups}</LinkButton>
            <Button main icon="plus" onClick={add.open}>
              {a.add}
            </Button>
          </>
        }
      >
        {a.lead}
      </PageHead>
      {people.data && people.isError && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={css.bar}>
        <SearchInput
          ref={input}
          label={a.filter}
          hotkey="/"
          value={search.q ?? ''}
          onCommit={(q) => onSearch({ ...search, q: q || undefined })}
        />
        <Segmented
          label={a.columns.status}
          value={search.status ?? 'ALL'}
          segments={[
            { value: 'ALL', label: a.everybody, count: found?.length },
            ...statuses.map((status) => ({ value: status, label: a.status[status], count: count(status) })),
          ]}
          onPick={(status) => onSearch({ ...search, status: status === 'ALL' ? undefined : (status as UserStatus) })}
        />
      </div>
      <div className={css.wide}>
        {(!shown || !columns.data) &&
          (failed ? (
            <Failed what={a.failed} error={failed} onRetry={() => Promise.all([people.refetch(), columns.refetch()])} />
          ) : (
            <Skeleton rows={6} tall />
          ))}
        {shown?.length === 0 && (
          <Say
            title={a.noMatch(search.q ?? '')}
            act={<Button onClick={() => onSearch({})}>{t.states.clearFilter}</Button>}
          />
        )}
        {!!shown?.length && columns.data && (
          <AccessGrid people={shown} everybody={people.data ?? []} columns={columns.data} />
        )}
      </div>
      {!!shown?.length && <p className={css.legend}>{a.savedAsYouTick}</p>}
      {adding && <AddPerson onClose={add.close} />}
    </>
  );
}
