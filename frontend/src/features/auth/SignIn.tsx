import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { graphql } from '~/gql';
import { accepted, execute, Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { AskPassword } from './AskPassword';
import { Gate } from './Gate';
import css from './Gate.module.css';

const SignInMutation = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { viewer { mustChangePassword } errors { message code path } }
  }
`);

export function SignIn({ onDone }: { onDone(mustChange: boolean): void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value.trim() ? null : t.auth.nameMissing),
      password: (value) => (value ? null : t.auth.passwordMissing),
    },
  });
  const signIn = useMutation({
    mutationFn: async (input: typeof form.values) => accepted((await execute(SignInMutation, { input })).signIn),
    onSuccess: (payload) => {
      // What the last person loaded is not this one's.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'server' });
      onDone(payload.viewer?.mustChangePassword ?? false);
    },
    onError: () => form.setFieldValue('password', ''),
  });
  // One identical sentence for every wrong name or password: the server's own.
  const refused = signIn.error && (signIn.error instanceof Refused ? signIn.error.message : reason(signIn.error));
  if (asking) return <AskPassword username={form.values.username} onBack={() => setAsking(false)} />;
  return (
    <Gate lead={t.auth.lead}>
      <form noValidate onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <FormError>{refused}</FormError>
        <TextField
          label={t.auth.name}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          {...form.getInputProps('username')}
        />
        <TextField
          label={t.auth.password}
          type="password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" main busy={signIn.isPending}>
          {t.auth.submit}
        </Button>
        <Button bare className={css.quiet ?? ''} onClick={() => setAsking(true)}>
          {t.auth.ask}
        </Button>
      </form>
    </Gate>
  );
}
