import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { AuditAction } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Check } from '~/ui/Field';
import { Icon } from '~/ui/Icon';
import css from './ActionPicker.module.css';
import { isWhole, type Kind, kinds, wholeKind } from './audit';

type Props = { picked: readonly AuditAction[]; onPick(actions: AuditAction[]): void };

/** Which acts are shown: none chosen means all. The button says what is chosen, as far as it fits. */
export function ActionPicker({ picked, onPick }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  const [open, setOpen] = useState(false);
  const [only] = picked;
  const kind = wholeKind(picked);
  const chosen = kind ? a.kinds[kind] : picked.length === 1 && only ? a.actions[only] : a.picked(picked.length);
  const said = picked.length ? chosen : a.anything;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      trapFocus
      returnFocus
      withinPortal={false}
      transitionProps={{ duration: 120 }}
      classNames={{ dropdown: css.dropdown ?? '' }}
    >
      <Popover.Target>
        <button type="button" className={css.button} aria-label={a.pick(said)} onClick={() => setOpen(!open)}>
          <span>{said}</span>
          <Icon name="chevron" small />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Kinds picked={picked} onPick={onPick} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Kinds({ picked, onPick }: Props) {
  const { t } = useI18n();
  const a = t.audit;
  // The address follows a moment later: a second tick must not be reckoned from it.
  const [chosen, choose] = useState<ReadonlySet<AuditAction>>(new Set(picked));
  const put = (next: ReadonlySet<AuditAction>) => {
    choose(next);
    onPick([...next]);
  };
  const tick = (actions: readonly AuditAction[], on: boolean) =>
    put(new Set([...[...chosen].filter((action) => !actions.includes(action)), ...(on ? actions : [])]));
  return (
    <>
      <div className={css.kinds}>
        {(Object.keys(kinds) as Kind[]).map((kind) => {
          const actions: readonly AuditAction[] = kinds[kind];
          const whole = isWhole(kind, chosen);
          const some = !whole && actions.some((action) => chosen.has(action));
          return (
            <fieldset key={kind} className={css.kind} aria-label={a.kinds[kind]}>
              <Check
                label={a.kinds[kind]}
                checked={whole}
                ref={(input) => {
                  if (input) input.indeterminate = some;
                }}
                onChange={() => tick(actions, !whole)}
              />
              {actions.map((action) => (
                <Check
                  key={action}
                  label={a.actions[action]}
                  checked={chosen.has(action)}
                  onChange={(event) => tick([action], event.currentTarget.checked)}
                />
              ))}
            </fieldset>
          );
        })}
      </div>
      <div className={css.foot}>
        <Button small onClick={() => put(new Set())}>
          {a.anything}
        </Button>
      </div>
    </>
  );
}
