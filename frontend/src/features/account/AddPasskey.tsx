import { useForm } from '@mantine/form';
import { usePasskeyReason } from '~/features/auth/usePasskeyReason';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, TextField } from '~/ui/Field';
import { toast } from '~/ui/toast';
import css from './NewToken.module.css';
import { useAddPasskey } from './passkeys';

/** Name and password, before the browser asks for a finger or a PIN. */
export function AddPasskey({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const p = t.account.passkeys;
  const reason = usePasskeyReason();
  const add = useAddPasskey();
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: {
      name: (value) => (value.trim() ? null : p.nameMissing),
      password: (value) => (value ? null : t.auth.passwordMissing),
    },
  });
  const submit = form.onSubmit(({ name, password }) =>
    add.mutate(
      { name: name.trim(), password },
      {
        onSuccess: () => {
          toast.well(p.added(name.trim()));
          onClose();
        },
      },
    ),
  );
  const { error } = add;
  const at = (field: string) => (error instanceof Refused && !add.isPending ? error.at(field) : undefined);
  return (
    <Dialog title={p.addTitle} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit}>
        <p>{p.addWhy}</p>
        <FormError>{error && !at('name') && !at('password') && reason(error)}</FormError>
        <TextField
          label={p.name}
          hint={p.nameHint}
          maxLength={100}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
          error={form.errors.name ?? at('name')}
        />
        <TextField
          label={t.account.ownPassword}
          type="password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
          error={form.errors.password ?? at('password')}
        />
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main busy={add.isPending}>
            {p.go}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
