import { useForm } from '@mantine/form';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/copy';
import { Dialog } from '~/ui/Dialog';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { useConfirmTwoFactor, useStartTwoFactor } from './account';
import own from './NewToken.module.css';
import { PasswordDialog } from './PasswordDialog';
import { Qr } from './Qr';
import { RecoveryCodes } from './RecoveryCodes';
import css from './TwoFactor.module.css';

/** Password, then the authenticator and its first code, then the recovery codes. */
export function TurnOn({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const s = t.account.second;
  const start = useStartTwoFactor();
  const confirm = useConfirmTwoFactor();
  const { otpauthUri, secret } = start.data ?? {};
  const codes = confirm.data?.recoveryCodes;
  if (codes)
    return (
      <RecoveryCodes
        codes={codes}
        onClose={() => {
          toast.well(s.turnedOn);
          onClose();
        }}
      />
    );
  if (otpauthUri && secret)
    return (
      <Dialog title={s.turnOnTitle} opened firm onClose={onClose}>
        <Scan uri={otpauthUri} secret={secret} confirm={confirm} onCancel={onClose} />
      </Dialog>
    );
  return (
    <PasswordDialog
      title={s.turnOnTitle}
      verb={s.go}
      busy={start.isPending}
      error={start.error}
      onPassword={start.mutate}
      onClose={onClose}
    >
      {s.turnOnWhy}
    </PasswordDialog>
  );
}

type Props = { uri: string; secret: string; confirm: ReturnType<typeof useConfirmTwoFactor>; onCancel(): void };

function Scan({ uri, secret, confirm, onCancel }: Props) {
  const { t } = useI18n();
  const s = t.account.second;
  const reason = useReason();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() ? null : s.codeMissing) },
  });
  const { error } = confirm;
  const wrong = error instanceof Refused ? error.at('code') : undefined;
  return (
    <form className={own.form} noValidate onSubmit={form.onSubmit(({ code }) => confirm.mutate(code.trim()))}>
      <p>{s.scan}</p>
      <Qr text={uri} label={s.qr} />
      <div>
        <span className={own.label} id="two-factor-secret">
          {s.secret}
        </span>
        <div className={css.secret}>
          <output aria-labelledby="two-factor-secret">{secret.match(/.{1,4}/g)?.join(' ')}</output>
          <CopyButton text={secret} label={s.copySecret} />
        </div>
      </div>
      <FormError>{error && !wrong && reason(error)}</FormError>
      <TextField
        label={s.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        mono
        data-autofocus
        {...form.getInputProps('code')}
        error={form.errors.code ?? (confirm.isPending ? undefined : wrong)}
      />
      <div className={own.acts}>
        <Button onClick={onCancel}>{t.app.cancel}</Button>
        <Button type="submit" main busy={confirm.isPending}>
          {s.turnOn}
        </Button>
      </div>
    </form>
  );
}
