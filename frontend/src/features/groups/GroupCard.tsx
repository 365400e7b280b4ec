import { useId, useState } from 'react';
import type { Column, PersonRow } from '~/features/admin/access';
import { Boxes } from '~/features/admin/Boxes';
import { useI18n } from '~/locales';
import { IconButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Pick } from '~/ui/Field';
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
