import { useState } from 'react';
import { useServer } from '~/features/auth/session';
import { knowsPasskeys } from '~/features/auth/webauthn';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { AddPasskey } from './AddPasskey';
import { PasswordDialog } from './PasswordDialog';
import { type PasskeyLine, useDeletePasskey } from './passkeys';
import { RenamePasskey } from './RenamePasskey';
import { Section } from './Section';
import css from './Section.module.css';

type Open = { act: 'add' } | { act: 'rename' | 'remove'; passkey: PasskeyLine };

/** Those one has can be removed even where the server takes none any more. */
export function Passkeys({ passkeys }: { passkeys: PasskeyLine[] }) {
  const { t } = useI18n();
  const p = t.account.passkeys;
  const isOn = useServer().passkeys;
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  if (!isOn && !passkeys.length) return null;
  const canAdd = isOn && knowsPasskeys();
  return (
    <Section
      title={p.title}
      lead={isOn ? p.lead : p.off}
      acts={canAdd && <Button onClick={() => setOpen({ act: 'add' })}>{p.add}</Button>}
    >
      {!passkeys.length && <p className={css.faint}>{canAdd ? p.none : p.unknown}</p>}
      <ul className={css.list}>
        {passkeys.map((passkey) => (
          <Line key={passkey.id} passkey={passkey} onOpen={setOpen} />
        ))}
      </ul>
      {open?.act === 'add' && <AddPasskey onClose={close} />}
      {open?.act === 'rename' && <RenamePasskey passkey={open.passkey} onClose={close} />}
      {open?.act === 'remove' && <Remove passkey={open.passkey} onClose={close} />}
    </Section>
  );
}

function Line({ passkey, onOpen }: { passkey: PasskeyLine; onOpen(open: Open): void }) {
  const { t } = useI18n();
  const p = t.account.passkeys;
  return (
    <li>
      <div className={css.what}>
        <b>{passkey.name}</b>
        <ul className={css.facts}>
          <li>
            {p.since} <Time at={passkey.createdAt} kind="when" />
          </li>
          <li>
            {passkey.lastUsedAt ? (
              <>
                {p.used} <Time at={passkey.lastUsedAt} kind="when" />
              </>
            ) : (
              p.unused
            )}
          </li>
        </ul>
      </div>
      <div className={css.acts}>
        <Button small aria-label={p.renameOf(passkey.name)} onClick={() => onOpen({ act: 'rename', passkey })}>
          {p.rename}
        </Button>
        <Button small aria-label={p.removeOf(passkey.name)} onClick={() => onOpen({ act: 'remove', passkey })}>
          {p.remove}
        </Button>
      </div>
    </li>
  );
}

function Remove({ passkey, onClose }: { passkey: PasskeyLine; onClose(): void }) {
  const { t } = useI18n();
  const p = t.account.passkeys;
  const remove = useDeletePasskey();
  return (
    <PasswordDialog
      title={p.removeTitle(passkey.name)}
      verb={p.remove}
      danger
      busy={remove.isPending}
      error={remove.error}
      onPassword={(password) =>
        remove.mutate(
          { id: passkey.id, password },
          {
            onSuccess: () => {
              toast.well(p.removed(passkey.name));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      {p.removeWhy}
    </PasswordDialog>
  );
}
