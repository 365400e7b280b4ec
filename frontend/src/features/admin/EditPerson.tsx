import { useForm } from '@mantine/form';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, SelectField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import css from './AddPerson.module.css';
import { changes, isConflict } from './change';
import { type UserLine, useUpdateUser } from './people';

const fields = ['displayName', 'email', 'role'] as const;

export function EditPerson({ user, own, onClose }: { user: UserLine; own: boolean; onClose(): void }) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const update = useUpdateUser();
  const form = useForm({
    initialValues: { displayName: user.displayName, email: user.email ?? '', role: user.role },
    validate: { displayName: (value) => (value.trim() ? null : a.displayNameMissing) },
  });
  const submit = form.onSubmit((values) => {
    const changed = changes(user, values);
    if (!changed) return onClose();
    update.mutate(changed, {
      onSuccess: () => {
        // Whoever gave up being an admin may not see this page any more.
        if (own && values.role !== 'ADMIN') return location.assign('/');
        toast.well(a.saved(values.displayName.trim()));
        onClose();
      },
      onError: (error) => {
        if (!(error instanceof Refused)) return;
        const placed = fields.map((field) => [field, error.at(field)]);
        // The last admin stays one: that is about the role, whatever the server calls the place.
        form.setErrors({ ...Object.fromEntries(placed), ...(isConflict(error) && { role: a.lastAdmin }) });
      },
    });
  });
  const { error } = update;
  const placed = isConflict(error) || (error instanceof Refused && fields.some((field) => error.at(field)));
  return (
    <Dialog title={a.editTitle(user.displayName)} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit}>
        <FormError>{error && !placed && reason(error)}</FormError>
        <TextField label={a.displayName} autoComplete="off" data-autofocus {...form.getInputProps('displayName')} />
        <TextField label={a.email} type="email" autoComplete="off" {...form.getInputProps('email')} />
        <SelectField label={a.roleLabel} hint={a.roleHint[form.values.role]} {...form.getInputProps('role')}>
          <option value="MEMBER">{a.role.MEMBER}</option>
          <option value="ADMIN">{a.role.ADMIN}</option>
        </SelectField>
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main busy={update.isPending}>
            {t.app.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
