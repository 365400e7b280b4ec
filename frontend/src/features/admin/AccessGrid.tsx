import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { memo, useCallback, useRef } from 'react';
import { useViewer } from '~/features/auth/session';
import { type Group, groupsQuery, holds } from '~/features/groups/groups';
import { PageIcon } from '~/features/pages/PageIcon';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Time } from '~/ui/Time';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './AccessGrid.module.css';
import { box, type Column, type PersonRow } from './access';
import { Box } from './Box';
import { PersonMenu } from './PersonMenu';
import { StatusAct } from './StatusAct';
import { StatusTag } from './StatusTag';
import { useTickAndTell } from './useTickAndTell';

type Props = { people: PersonRow[]; everybody: PersonRow[]; columns: Column[] };
type Told = { groups: readonly Group[]; tell: ReturnType<typeof useTickAndTell> };
const none: Group[] = [];

/** Who may open which page: people and their status stay at the left, rights and pages go by. */
export function AccessGrid({ people, everybody, columns }: Props) {
  const { t } = useI18n();
  const a = t.admin;
  const { data: groups = none } = useQuery(groupsQuery);
  const latest = useRef<Told['tell']>(undefined);
  latest.current = useTickAndTell();
  // Always the same, so that a tick draws one row anew and not thousands of boxes.
  const tell = useCallback<Told['tell']>(async (...told) => latest.current?.(...told), []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable by keyboard
    <section className={css.scroll} tabIndex={0} aria-label={a.gridLabel}>
      {/* biome-ignore lint/a11y/noRedundantRoles: as a grid on a phone the table would lose its meaning */}
      <table className={css.grid} role="table">
        <thead>
          <tr>
            <th scope="col" className={css.who}>
              {a.columns.person}
            </th>
            <th scope="col" className={css.status}>
              {a.columns.status}
            </th>
            {columns.map((column) => (
              <ColumnHead key={column.id} column={column} people={everybody} />
            ))}
            <th scope="col" className={css.menu}>
              <VisuallyHidden>{a.columns.acts}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tbody role="rowgroup">
          {people.map((person) => (
            <Row key={person.id} person={person} columns={columns} groups={groups} tell={tell} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ColumnHead({ column, people }: { column: Column; people: PersonRow[] }) {
  const { t } = useI18n();
  const held = people.filter((person) => box(person, column) !== 'none').length;
  return (
    <th scope="col" className={css.page} title={column.kind === 'right' ? t.person.rights[column.id] : undefined}>
      {column.kind === 'page' && <PageIcon name={column.name} icon={column.icon} small />}
      <span>{column.kind === 'page' ? column.name : t.admin.right[column.id]}</span>
      <small>{t.admin.of(held, people.length)}</small>
    </th>
  );
}

const Row = memo(function Row({ person, columns, ...told }: Told & { person: PersonRow; columns: Column[] }) {
  const { t } = useI18n();
  const a = t.admin;
  const own = person.id === useViewer().id;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row">
      <th scope="row" className={css.who}>
        <Avatar name={person.displayName} />
        <div>
          <Link to="/people/$id" params={{ id: person.id }}>
            {person.displayName}
          </Link>
          <small>
            {person.username}
            {' · '}
            {person.role === 'ADMIN' ? (
              a.role.ADMIN
            ) : person.lastSignInAt ? (
              <Time at={person.lastSignInAt} kind="when" />
            ) : (
              a.neverSignedIn
            )}
            {own && ` · ${a.you}`}
          </small>
          <small className={css.count}>{a.opens(person.access?.pages.length ?? 0)}</small>
        </div>
      </th>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.status}>
        <div>
          {person.status && <StatusTag status={person.status} />}
          <StatusAct user={person} own={own} />
        </div>
      </td>
      {columns.map((column) => (
        <Cell key={column.id} person={person} column={column} {...told} />
      ))}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.menu}>
        <PersonMenu user={person} own={own} />
      </td>
    </tr>
  );
});

function Cell({ person, column, groups, tell }: Told & { person: PersonRow; column: Column }) {
  const { t } = useI18n();
  const a = t.admin;
  const what = column.kind === 'page' ? column.name : a.right[column.id];
  const state = box(person, column);
  const others = state === 'none' ? [] : otherSources(person, column, groups, t.person.from);
  const why = others.join(' · ') || a.givenOtherwise;
  const said = (allowed: boolean) => {
    if (!allowed && others.length) return a.keeps(person.displayName, what, why);
    if (column.kind === 'right') return (allowed ? a.rightOn : a.rightOff)(person.displayName, what);
    return (allowed ? a.mayOpen : a.mayNotOpen)(person.displayName, what);
  };
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <td role="cell" className={css.box}>
      <Box
        label={`${person.displayName}, ${what}`}
        state={state}
        why={why}
        onTick={(allowed, box, show) => {
          const words = { name: `${person.displayName}, ${what}`, said: said(allowed), box, show };
          void tell({ holder: { user: person.id }, column, allowed, given: others.length > 0 }, words);
        }}
      />
    </td>
  );
}

type Words = { role: string; everyone: string; group(name: string): string };

/** Where a box comes from besides the person's own tick. */
const otherSources = (person: PersonRow, column: Column, groups: readonly Group[], from: Words) => [
  ...groups
    .filter((group) => holds(group, column) && group.members.some(({ id }) => id === person.id))
    .map(({ name }) => from.group(name)),
  ...(column.kind === 'page' && column.forEveryone ? [from.everyone] : []),
  ...(person.role === 'ADMIN' ? [from.role] : []),
];
