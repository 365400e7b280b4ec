import { useForm } from '@mantine/form';
import type { Role } from '~/gql/graphql';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, SelectField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import css from './AddPerson.module.css';
import { useCreateUser } from './people';
import { TemporaryPassword } from './TemporaryPassword';

export function AddPerson({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const a = t.admin;
  const create = useCreateUser();
  const password = create.data?.temporaryPassword;
  if (create.data && password)
    return (
      <TemporaryPassword
        title={a.createdTitle(create.data.user?.displayName ?? '')}
        password={password}
        onClose={onClose}
      />
    );
  return (
    <Dialog title={a.newTitle} opened onClose={onClose}>
      <NewPerson create={create} onCancel={onClose} />
    </Dialog>
  );
}

function NewPerson({ create, onCancel }: { create: ReturnType<typeof useCreateUser>; onCancel(): void }) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const form = useForm({
    initialValues: { username: '', displayName: '', email: '', role: 'MEMBER' as Role },
    validate: {
      username: (value) => (value.trim() ? null : a.usernameMissing),
      displayName: (value) => (value.trim() ? null : a.displayNameMissing),
    },
  });
  const submit = form.onSubmit(({ username, displayName, email, role }) =>
    create.mutate(
      { username: username.trim(), displayName: displayName.trim(), email: email.trim() || null, role },
      {
        onError: (error) => {
          if (!(error instanceof Refused)) return;
          const fields = ['username', 'displayName', 'email'];
          form.setErrors(Object.fromEntries(fields.map((field) => [field, error.at(field)])));
        },
      },
    ),
  );
  const refused = create.error instanceof Refused ? create.error : undefined;
  const placed = refused?.faults.some((fault) => fault.path?.length);
  return (
    <form className={css.form} noValidate onSubmit={submit}>
      <FormError>{refused ? !placed && refused.message : create.error && reason(create.error)}</FormError>
      <TextField
        label={a.username}
        hint={a.usernameHint}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('username')}
      />
      <TextField label={a.displayName} autoComplete="off" {...form.getInputProps('displayName')} />
      <TextField label={a.email} type="email" autoComplete="off" {...form.getInputProps('email')} />
      <SelectField label={a.roleLabel} hint={a.roleHint[form.values.role]} {...form.getInputProps('role')}>
        <option value="MEMBER">{a.role.MEMBER}</option>
        <option value="ADMIN">{a.role.ADMIN}</option>
      </SelectField>
      <div className={css.acts}>
        <Button onClick={onCancel}>{t.app.cancel}</Button>
        <Button type="submit" main busy={create.isPending}>
          {a.create}
        </Button>
      </div>
    </form>
  );
}
