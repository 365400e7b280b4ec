import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import css from './NewToken.module.css';

type Props = {
  title: string;
  children: ReactNode;
  verb: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onPassword(password: string): void;
  onClose(): void;
};

/** Asks for the password again, before what a stranger at an open screen must not do. */
export function PasswordDialog({ title, children, verb, danger = false, busy, error, onPassword, onClose }: Props) {
  const { t } = useI18n();
  const reason = useReason();
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value ? null : t.auth.passwordMissing) },
  });
  const wrong = error instanceof Refused ? error.at('password') : undefined;
  return (
    <Dialog title={title} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={form.onSubmit(({ password }) => onPassword(password))}>
        <p>{children}</p>
        <FormError>{!!error && !wrong && reason(error)}</FormError>
        <TextField
          label={t.account.ownPassword}
          type="password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('password')}
          error={form.errors.password ?? (busy ? undefined : wrong)}
        />
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main={!danger} danger={danger} busy={busy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
