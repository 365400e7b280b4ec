import { useForm } from '@mantine/form';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import css from './NewToken.module.css';
import { type PasskeyLine, useRenamePasskey } from './passkeys';

export function RenamePasskey({ passkey, onClose }: { passkey: PasskeyLine; onClose(): void }) {
  const { t } = useI18n();
  const p = t.account.passkeys;
  const reason = useReason();
  const rename = useRenamePasskey();
  const form = useForm({
    initialValues: { name: passkey.name },
    validate: { name: (value) => (value.trim() ? null : p.nameMissing) },
  });
  const submit = form.onSubmit(({ name }) =>
    rename.mutate({ id: passkey.id, name: name.trim() }, { onSuccess: onClose }),
  );
  return (
    <Dialog title={p.renameTitle(passkey.name)} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit}>
        <FormError>{rename.error && reason(rename.error)}</FormError>
        <TextField
          label={p.name}
          hint={p.nameHint}
          maxLength={100}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main busy={rename.isPending}>
            {t.app.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
