import { useEffect, useState } from 'react';
import { useI18n } from '~/locales';
import { Check } from '~/ui/Field';
import type { Column, Holder } from './access';
import css from './Boxes.module.css';
import { useTickAndTell } from './useTickAndTell';

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
export function Boxes({ columns, ...rest }: Props) {
  return (
    <ul className={css.boxes}>
      {columns.map((column) => (
        <Line key={column.id} column={column} {...rest} />
      ))}
    </ul>
  );
}

type LineProps = Omit<Props, 'columns'> & { column: Column };

function Line({ column, holder, whose, state, from, said }: LineProps) {
  const { t } = useI18n();
  const tell = useTickAndTell();
  const is = state(column);
  // What was asked for and is not in what was read yet.
  const [asked, setAsked] = useState<boolean>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was read now is newer than what was asked for
  useEffect(() => setAsked(undefined), [is]);
  const name = column.kind === 'page' ? column.name : t.admin.right[column.id];
  const others = from?.(column);
  return (
    <li>
      <Check
        label={name}
        checked={is === 'given' || (asked ?? is === 'own')}
        disabled={is === 'given'}
        onChange={({ currentTarget: box }) => {
          const allowed = box.checked;
          const words = { name: `${whose}, ${name}`, said: said(column, allowed), box, show: setAsked };
          void tell({ holder, column, allowed, given: !!others }, words);
        }}
      />
      {others && <small>{others}</small>}
    </li>
  );
}
