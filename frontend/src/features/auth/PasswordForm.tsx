import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { graphql } from '~/gql';
import { accepted, execute, Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { serverQuery } from './session';

const ChangePasswordMutation = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) { viewer { mustChangePassword } errors { message code path } }
  }
`);

type Props = {
  onDone(): void;
  autoFocus?: boolean;
  main?: boolean;
  className?: string | undefined;
  children?: ReactNode;
};

/** The fields of a change of password, wherever it is asked for. */
export function PasswordForm({ onDone, autoFocus = false, main = false, className, children }: Props) {
  const { t } = useI18n();
  const reason = useReason();
  const least = useQuery(serverQuery).data?.server.passwordMinLength ?? 12;
  const form = useForm({
    initialValues: { current: '', next: '', repeat: '' },
    validate: {
      current: (value) => (value ? null : t.auth.passwordMissing),
      next: (value, { current }) =>
        [...value].length < least ? t.auth.tooShort(least) : value === current ? t.auth.same : null,
      repeat: (value, { next }) => (value === next ? null : t.auth.different),
    },
  });
  const change = useMutation({
    mutationFn: async ({ current, next }: typeof form.values) => {
      const input = { currentPassword: current, newPassword: next };
      return accepted((await execute(ChangePasswordMutation, { input })).changePassword);
    },
    onSuccess: () => {
      form.reset();
      toast.well(t.auth.changed);
      onDone();
    },
    onError: (error) => {
      if (!(error instanceof Refused)) return;
      form.setErrors({ current: error.at('currentPassword'), next: error.at('newPassword') });
    },
  });
  const { error } = change;
  const placed = error instanceof Refused && (error.at('currentPassword') || error.at('newPassword'));
  return (
    <form noValidate className={className} onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <FormError>{error && !placed && reason(error)}</FormError>
      <TextField
        label={t.auth.current}
        type="password"
        autoComplete="current-password"
        autoFocus={autoFocus}
        {...form.getInputProps('current')}
      />
      <TextField
        label={t.auth.next}
        hint={t.auth.nextHint(least)}
        type="password"
        autoComplete="new-password"
        {...form.getInputProps('next')}
      />
      <TextField label={t.auth.repeat} type="password" autoComplete="new-password" {...form.getInputProps('repeat')} />
      <Button type="submit" main={main} busy={change.isPending}>
        {t.auth.changeSubmit}
      </Button>
      {children}
    </form>
  );
}
