import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { graphql } from '~/gql';
import { accepted, execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { Gate } from './Gate';
import css from './Gate.module.css';

const RequestReset = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) { errors { message code path } }
  }
`);

/** Says the same whether the name exists or not, as the server does. */
export function AskPassword({ username, onBack }: { username: string; onBack(): void }) {
  const { t } = useI18n();
  const reason = useReason();
  const form = useForm({
    initialValues: { username },
    validate: { username: (value) => (value.trim() ? null : t.auth.nameMissing) },
  });
  const ask = useMutation({
    mutationFn: async (name: string) =>
      accepted((await execute(RequestReset, { input: { username: name.trim() } })).requestPasswordReset),
  });
  return (
    <Gate title={t.auth.ask} lead={t.auth.askLead}>
      <form noValidate onSubmit={form.onSubmit((values) => ask.mutate(values.username))}>
        {/* It stands there before it speaks, or else it is not read out. */}
        <div className={css.asked} role="status">
          {ask.isSuccess && t.auth.asked}
        </div>
        {!ask.isSuccess && (
          <>
            <FormError>{ask.error && reason(ask.error)}</FormError>
            <TextField
              label={t.auth.name}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              {...form.getInputProps('username')}
            />
            <Button type="submit" main busy={ask.isPending}>
              {t.auth.askSubmit}
            </Button>
          </>
        )}
        {/* Made anew once the field is gone, to take its focus. */}
        <Button
          key={ask.isSuccess ? 'asked' : 'asking'}
          bare
          className={css.quiet ?? ''}
          autoFocus={ask.isSuccess}
          onClick={onBack}
        >
          {t.auth.backToSignIn}
        </Button>
      </form>
    </Gate>
  );
}
