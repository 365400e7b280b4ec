import { Link } from '@tanstack/react-router';
import { useViewer } from '~/features/auth/session';
import { PageIcon } from '~/features/pages/PageIcon';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './AccessGrid.module.css';
import { box, type Column, type PersonRow, useTick } from './access';
import { Box } from './Box';
import { PersonMenu } from './PersonMenu';
import { StatusAct } from './StatusAct';
import { StatusTag } from './StatusTag';

type Props = { people: PersonRow[]; everybody: PersonRow[]; columns: Column[] };

/** Who may open which page: people and their status stay at the left, rights and pages go by. */
export function AccessGrid({ people, everybody, columns }: Props) {
  const { t } = useI18n();
  const a = t.admin;
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
            <Row key={person.id} person={person} columns={columns} />
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

function Row({ person, columns }: { person: PersonRow; columns: Column[] }) {
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
        <Cell key={column.id} person={person} column={column} />
      ))}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.menu}>
        <PersonMenu user={person} own={own} />
      </td>
    </tr>
  );
}

function Cell({ person, column }: { person: PersonRow; column: Column }) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const tick = useTick();
  const what = column.kind === 'page' ? column.name : a.right[column.id];
  const set = (allowed: boolean) =>
    tick.mutate(
      { holder: { user: person.id }, column, allowed },
      { onError: (error) => toast.bad(`${person.displayName}, ${what}: ${reason(error)}`) },
    );
  const said = (allowed: boolean) => {
    if (column.kind === 'right') return (allowed ? a.rightOn : a.rightOff)(person.displayName, what);
    return allowed ? a.mayOpen(person.displayName, what) : a.mayNotOpen(person.displayName, what);
  };
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <td role="cell" className={css.box}>
      <Box
        label={`${person.displayName}, ${what}`}
        state={box(person, column)}
        why={person.role === 'ADMIN' ? a.givenByRole : a.givenOtherwise}
        onTick={(allowed) => {
          set(allowed);
          toast.well(said(allowed), { label: t.app.undo, run: () => set(!allowed) });
        }}
      />
    </td>
  );
}
