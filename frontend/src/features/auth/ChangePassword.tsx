import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { graphql } from '~/gql';
import { accepted, execute, Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { Gate } from './Gate';
import { serverQuery, sessionQuery } from './session';

const ChangePasswordMutation = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) { viewer { mustChangePassword } errors { message code path } }
  }
`);

/** Forced after a temporary password (then there is no way around it), or chosen from the account menu. */
export function ChangePassword({ onDone }: { onDone(): void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const reason = useReason();
  const least = useQuery(serverQuery).data?.server.passwordMinLength ?? 12;
  // Refused with PASSWORD_CHANGE_REQUIRED or told so: either way it is forced.
  const session = useQuery({ ...sessionQuery, retry: false });
  const forced = session.isError || session.data?.viewer?.mustChangePassword;
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
    onSuccess: async () => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'server' });
      toast.well(t.auth.changed);
      onDone();
    },
    onError: (error) => {
      if (!(error instanceof Refused)) return;
      form.setErrors({ current: error.at('currentPassword'), next: error.at('newPassword') });
    },
  });
  const refused =
    change.error instanceof Refused
      ? !change.error.at('currentPassword') && !change.error.at('newPassword') && change.error.message
      : change.error && reason(change.error);
  return (
    <Gate
      title={forced ? t.auth.changeTitle : t.auth.changeOwn}
      lead={forced ? t.auth.changeLead : t.auth.changeOwnLead}
    >
      <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <FormError>{refused}</FormError>
        <TextField
          label={t.auth.current}
          type="password"
          autoComplete="current-password"
          autoFocus
          {...form.getInputProps('current')}
        />
        <TextField
          label={t.auth.next}
          hint={t.auth.nextHint(least)}
          type="password"
          autoComplete="new-password"
          {...form.getInputProps('next')}
        />
        <TextField
          label={t.auth.repeat}
          type="password"
          autoComplete="new-password"
          {...form.getInputProps('repeat')}
        />
        <Button type="submit" main busy={change.isPending}>
          {t.auth.changeSubmit}
        </Button>
        {!forced && (
          <LinkButton to="/" bare>
            {t.app.cancel}
          </LinkButton>
        )}
      </form>
    </Gate>
  );
}
