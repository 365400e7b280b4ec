import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useViewer } from '~/features/auth/session';
import type { UserStatus } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { type MarkName, Status, type Tone } from '~/ui/Status';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import { AddPerson } from './AddPerson';
import css from './PeoplePage.module.css';
import { PersonMenu } from './PersonMenu';
import { loadPeople, type UserLine } from './people';
import { StatusAct } from './StatusAct';

export function PeoplePage({ q, onFilter }: { q: string; onFilter(q: string): void }) {
  const { t } = useI18n();
  const a = t.admin;
  const [adding, add] = useDisclosure();
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const people = useInfiniteQuery({
    queryKey: ['people'],
    queryFn: ({ pageParam }) => loadPeople(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ users: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  const all = people.data?.pages.flatMap((page) => page.users.nodes);
  const text = q.toLowerCase();
  const shown = all?.filter((user) => `${user.displayName} ${user.username}`.toLowerCase().includes(text));
  const total = people.data?.pages[0]?.users.totalCount;
  return (
    <>
      <PageHead
        title={a.title}
        acts={
          <Button main icon="plus" onClick={add.open}>
            {a.add}
          </Button>
        }
      >
        {total !== undefined && a.lead(total)}
      </PageHead>
      {all && people.isError && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={css.bar}>
        <SearchInput ref={input} label={a.filter} hotkey="/" value={q} onCommit={onFilter} />
      </div>
      <div className={css.wide}>
        {!all &&
          (people.isError ? (
            <Failed what={a.failed} error={people.error} onRetry={() => people.refetch()} />
          ) : (
            <Skeleton rows={6} tall />
          ))}
        {shown?.length === 0 && (
          <Say title={a.noMatch(q)} act={<Button onClick={() => onFilter('')}>{t.states.clearFilter}</Button>} />
        )}
        {!!shown?.length && <People people={shown} />}
      </div>
      {people.hasNextPage && (
        <Button onClick={() => people.fetchNextPage()} busy={people.isFetchingNextPage} className={css.more ?? ''}>
          {t.app.more}
        </Button>
      )}
      {adding && <AddPerson onClose={add.close} />}
    </>
  );
}

function People({ people }: { people: UserLine[] }) {
  const { t } = useI18n();
  const { columns } = t.admin;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as a grid on a phone the table would lose its meaning
    <table className={css.people} role="table">
      <thead>
        <tr>
          <th scope="col">{columns.person}</th>
          <th scope="col">{columns.status}</th>
          <th scope="col">{columns.role}</th>
          <th scope="col">{columns.seen}</th>
          <th scope="col">
            <VisuallyHidden>{columns.acts}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup">
        {people.map((user) => (
          <Person key={user.id} user={user} />
        ))}
      </tbody>
    </table>
  );
}

function Person({ user }: { user: UserLine }) {
  const { t } = useI18n();
  const own = user.id === useViewer().id;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.who}>
        <Avatar name={user.displayName} />
        <div>
          <Link to="/people/$id" params={{ id: user.id }}>
            {user.displayName}
          </Link>
          <small>
            {user.username}
            {user.email && ` · ${user.email}`}
            {own && ` · ${t.admin.you}`}
          </small>
        </div>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.status}>
        {user.status && <StatusTag status={user.status} />}
        <StatusAct user={user} own={own} />
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.role}>
        {t.admin.role[user.role]}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.seen}>
        {user.lastSignInAt ? <Time at={user.lastSignInAt} kind="when" /> : t.admin.neverSignedIn}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.menu}>
        <PersonMenu user={user} own={own} />
      </td>
    </tr>
  );
}

const tags: Record<UserStatus, { tone: Tone; mark: MarkName }> = {
  NORMAL: { tone: 'ok', mark: 'ok' },
  LOCKED: { tone: 'critical', mark: 'locked' },
  INITIAL_PASSWORD: { tone: 'info', mark: 'initial' },
  CHANGE_REQUESTED: { tone: 'warning', mark: 'asked' },
};

function StatusTag({ status }: { status: UserStatus }) {
  const { t } = useI18n();
  return (
    <Status {...tags[status]} pill={status !== 'NORMAL'}>
      {t.admin.status[status]}
    </Status>
  );
}
