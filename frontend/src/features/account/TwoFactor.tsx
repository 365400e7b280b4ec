import { useState } from 'react';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { useDisableTwoFactor, useRenewCodes } from './account';
import { PasswordDialog } from './PasswordDialog';
import { RecoveryCodes } from './RecoveryCodes';
import { Section } from './Section';
import { TurnOn } from './TurnOn';
import css from './TwoFactor.module.css';

const FEW = 2;

type Props = { user: string; enabledAt: string | null | undefined; left: number };

export function TwoFactor({ user, enabledAt, left }: Props) {
  const { t } = useI18n();
  const s = t.account.second;
  const [open, setOpen] = useState<'on' | 'renew' | 'off'>();
  const close = () => setOpen(undefined);
  return (
    <Section
      title={s.title}
      lead={!enabledAt && s.off}
      acts={
        enabledAt ? (
          <>
            <Button onClick={() => setOpen('renew')}>{s.renew}</Button>
            <Button onClick={() => setOpen('off')}>{s.turnOff}</Button>
          </>
        ) : (
          <Button onClick={() => setOpen('on')}>{s.turnOn}</Button>
        )
      }
    >
      {enabledAt && (
        <div className={css.state}>
          <Status tone="ok">
            {s.onSince} <Time at={enabledAt} kind="moment" />
          </Status>
          {left <= FEW ? <Status tone="warning">{s.few(left)}</Status> : <p>{s.left(left)}</p>}
        </div>
      )}
      {open === 'on' && <TurnOn onClose={close} />}
      {open === 'renew' && <Renew onClose={close} />}
      {open === 'off' && <TurnOff user={user} onClose={close} />}
    </Section>
  );
}

function Renew({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const s = t.account.second;
  const renew = useRenewCodes();
  const codes = renew.data?.recoveryCodes;
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  return (
    <PasswordDialog
      title={s.renew}
      verb={s.renew}
      busy={renew.isPending}
      error={renew.error}
      onPassword={renew.mutate}
      onClose={onClose}
    >
      {s.renewWhy}
    </PasswordDialog>
  );
}

function TurnOff({ user, onClose }: { user: string; onClose(): void }) {
  const { t } = useI18n();
  const s = t.account.second;
  const disable = useDisableTwoFactor();
  return (
    <PasswordDialog
      title={s.offTitle}
      verb={s.turnOff}
      danger
      busy={disable.isPending}
      error={disable.error}
      onPassword={(password) =>
        disable.mutate(
          { user, password },
          {
            onSuccess: () => {
              toast.well(s.turnedOff);
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      {s.offWhy}
    </PasswordDialog>
  );
}
