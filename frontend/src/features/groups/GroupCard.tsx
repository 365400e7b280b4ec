import { useId, useRef, useState } from 'react';
import type { Column, PersonRow } from '~/features/admin/access';
import { Boxes } from '~/features/admin/Boxes';
import { useI18n } from '~/locales';
import { Button, IconButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Pick } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import css from './GroupsPage.module.css';
import { type Group, holds, useDeleteGroup, useRenameGroup, useSetMember } from './groups';
import { NameGroup } from './NameGroup';

type Props = { group: Group; people: PersonRow[]; columns: Column[]; onDeleted(): void };

export function GroupCard({ group, people, columns, onDeleted }: Props) {
  const { t } = useI18n();
  const g = t.groups;
  const id = useId();
  const reason = useReason();
  const [open, setOpen] = useState<'rename' | 'delete'>();
  const rename = useRenameGroup();
  const remove = useDeleteGroup();
  const close = () => setOpen(undefined);
  const name = (column: Column) => (column.kind === 'page' ? column.name : t.admin.right[column.id]);
  return (
    <section className={css.group} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{group.name}</h2>
        <IconButton icon="pen" label={g.renameOf(group.name)} onClick={() => setOpen('rename')} />
        <IconButton icon="x" label={g.deleteOf(group.name)} onClick={() => setOpen('delete')} />
      </div>
      <Members group={group} people={people} />
      <h3>{g.boxes}</h3>
      <Boxes
        holder={{ group: group.id }}
        whose={group.name}
        columns={columns}
        state={(column) => (holds(group, column) ? 'own' : 'none')}
        said={(column, allowed) => (allowed ? g.boxOn : g.boxOff)(group.name, name(column))}
      />
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
          onConfirm={() =>
            // Not its callbacks: they go with the card.
            remove.mutateAsync(group.id).then(
              () => {
                toast.well(g.deleted(group.name));
                onDeleted();
              },
              () => undefined,
            )
          }
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
  const { mutateAsync, isPending } = useSetMember();
  const [picked, pick] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const set = async (user: string, member: boolean) => {
    try {
      await mutateAsync({ group: group.id, user, member });
      return true;
    } catch (error) {
      toast.bad(reason(error));
      return false;
    }
  };
  const change = async (user: string, name: string, member: boolean) => {
    if (!(await set(user, member))) return;
    toast.well((member ? g.taken : g.leftOut)(name, group.name), {
      label: t.app.undo,
      run: () => void set(user, !member),
    });
    pick('');
    // The button that was pressed may be gone: the keyboard goes on where the next one is added.
    list.current?.querySelector('select')?.focus();
  };
  const others = people.filter(({ id }) => !group.members.some((member) => member.id === id));
  return (
    <>
      <h3>{g.members(group.members.length)}</h3>
      <ul className={css.members} ref={list}>
        {group.members.map(({ id, displayName }) => (
          <li key={id}>
            {displayName}
            <IconButton icon="x" label={g.takeOut(displayName)} onClick={() => change(id, displayName, false)} />
          </li>
        ))}
        {others.length > 0 && (
          <li>
            <form
              className={css.add}
              onSubmit={(event) => {
                event.preventDefault();
                const person = others.find(({ id }) => id === picked);
                if (person) void change(person.id, person.displayName, true);
              }}
            >
              <Pick
                aria-label={g.takeIn(group.name)}
                value={picked}
                onChange={(event) => pick(event.currentTarget.value)}
              >
                <option value="" disabled>
                  {g.addMember}
                </option>
                {others.map((person) => (
                  <option key={person.id} value={person.id}>
                    {person.displayName} ({person.username})
                  </option>
                ))}
              </Pick>
              <Button type="submit" disabled={!picked} busy={isPending}>
                {g.create}
              </Button>
            </form>
          </li>
        )}
      </ul>
    </>
  );
}
