import { useId, useState } from 'react';
import { type Column, type PersonRow, useTick } from '~/features/admin/access';
import { useI18n } from '~/locales';
import { IconButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Check, Pick } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import css from './GroupsPage.module.css';
import { type Group, holds, useDeleteGroup, useRenameGroup, useSetMember } from './groups';
import { NameGroup } from './NameGroup';

type Props = { group: Group; people: PersonRow[]; columns: Column[] };

export function GroupCard({ group, people, columns }: Props) {
  const { t } = useI18n();
  const g = t.groups;
  const id = useId();
  const reason = useReason();
  const [open, setOpen] = useState<'rename' | 'delete'>();
  const rename = useRenameGroup();
  const remove = useDeleteGroup();
  const close = () => setOpen(undefined);
  return (
    <section className={css.group} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{group.name}</h2>
        <IconButton icon="pen" label={g.renameOf(group.name)} onClick={() => setOpen('rename')} />
        <IconButton icon="x" label={g.deleteOf(group.name)} onClick={() => setOpen('delete')} />
      </div>
      <Members group={group} people={people} />
      <Boxes group={group} columns={columns} />
      {open === 'rename' && (
        <NameGroup
          title={g.renameOf(group.name)}
          verb={t.app.save}
          initial={group.name}
          change={rename}
          input={(name) => ({ id: group.id, expectedVersion: group.version, name })}
          said={g.renamed}
          onClose={close}
        />
      )}
      {open === 'delete' && (
        <Confirm
          title={g.deleteTitle(group.name)}
          opened
          onClose={close}
          verb={t.app.delete}
          busy={remove.isPending}
          error={remove.error && reason(remove.error)}
          onConfirm={() => remove.mutate(group.id, { onSuccess: () => toast.well(g.deleted(group.name)) })}
        >
          {g.deleteWhy}
        </Confirm>
      )}
    </section>
  );
}

function Members({ group, people }: { group: Group; people: PersonRow[] }) {
  const { t } = useI18n();
  const g = t.groups;
  const reason = useReason();
  const change = useSetMember();
  const set = (user: string, member: boolean) =>
    change.mutate({ group: group.id, user, member }, { onError: (error) => toast.bad(reason(error)) });
  const others = people.filter(({ id }) => !group.members.some((member) => member.id === id));
  return (
    <>
      <h3>{g.members(group.members.length)}</h3>
      <ul className={css.members}>
        {group.members.map((member) => (
          <li key={member.id}>
            {member.displayName}
            <IconButton icon="x" label={g.takeOut(member.displayName)} onClick={() => set(member.id, false)} />
          </li>
        ))}
        {others.length > 0 && (
          <li className={css.add}>
            <Pick aria-label={g.takeIn(group.name)} value="" onChange={(event) => set(event.currentTarget.value, true)}>
              <option value="" disabled>
                {g.addMember}
              </option>
              {others.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.displayName} ({person.username})
                </option>
              ))}
            </Pick>
          </li>
        )}
      </ul>
    </>
  );
}

function Boxes({ group, columns }: { group: Group; columns: Column[] }) {
  const { t } = useI18n();
  const reason = useReason();
  const tick = useTick();
  const [asked, setAsked] = useState<Map<string, boolean>>(new Map());
  const name = (column: Column) => (column.kind === 'page' ? column.name : t.admin.right[column.id]);
  const set = (column: Column, allowed: boolean) => {
    setAsked((before) => new Map(before).set(column.id, allowed));
    const forget = () =>
      setAsked((before) => {
        const after = new Map(before);
        after.delete(column.id);
        return after;
      });
    tick.mutate(
      { holder: { group: group.id }, column, allowed },
      {
        onError: (error) => {
          forget();
          toast.bad(`${group.name}, ${name(column)}: ${reason(error)}`);
        },
      },
    );
  };
  const ticked = (column: Column) => asked.get(column.id) ?? holds(group, column);
  return (
    <>
      <h3>{t.groups.boxes}</h3>
      <div className={css.boxes}>
        {columns.map((column) => (
          <Check
            key={column.id}
            label={name(column)}
            checked={ticked(column)}
            onChange={(event) => {
              const allowed = event.currentTarget.checked;
              set(column, allowed);
              toast.well((allowed ? t.groups.boxOn : t.groups.boxOff)(group.name, name(column)), {
                label: t.app.undo,
                run: () => set(column, !allowed),
              });
            }}
          />
        ))}
      </div>
    </>
  );
}
