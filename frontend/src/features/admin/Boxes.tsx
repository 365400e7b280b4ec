import { useState } from 'react';
import { useI18n } from '~/locales';
import { Check } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { type Column, type Holder, useTick } from './access';
import css from './Boxes.module.css';

type Props = {
  holder: Holder;
  /** Whose boxes they are, for what went wrong. */
  whose: string;
  columns: Column[];
  state(column: Column): 'own' | 'given' | 'none';
  /** Where else a box comes from than from here; empty for nowhere. */
  from?(column: Column): string;
  said(column: Column, allowed: boolean): string;
};

/** All boxes of a person or a group, as a list. */
export function Boxes({ holder, whose, columns, state, from, said }: Props) {
  const { t } = useI18n();
  const reason = useReason();
  const tick = useTick();
  // What was asked for and is not in what was read yet.
  const [asked, setAsked] = useState<Map<string, boolean>>(new Map());
  const name = (column: Column) => (column.kind === 'page' ? column.name : t.admin.right[column.id]);
  const set = (column: Column, allowed: boolean) => {
    setAsked((before) => new Map(before).set(column.id, allowed));
    const refused = (error: Error) => {
      setAsked((before) => new Map([...before].filter(([id]) => id !== column.id)));
      toast.bad(`${whose}, ${name(column)}: ${reason(error)}`);
    };
    tick.mutate({ holder, column, allowed }, { onError: refused });
  };
  const isGiven = (column: Column) => state(column) === 'given';
  return (
    <ul className={css.boxes}>
      {columns.map((column) => (
        <li key={column.id}>
          <Check
            label={name(column)}
            checked={isGiven(column) || (asked.get(column.id) ?? state(column) === 'own')}
            disabled={isGiven(column)}
            onChange={(event) => {
              const allowed = event.currentTarget.checked;
              set(column, allowed);
              toast.well(said(column, allowed), { label: t.app.undo, run: () => set(column, !allowed) });
            }}
          />
          {from?.(column) && <small>{from(column)}</small>}
        </li>
      ))}
    </ul>
  );
}
