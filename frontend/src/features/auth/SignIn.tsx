import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { graphql } from '~/gql';
import type { SignInInput } from '~/gql/graphql';
import { accepted, execute, GqlError, Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { AskPassword } from './AskPassword';
import { Gate } from './Gate';
import css from './Gate.module.css';
import { PasskeySignIn } from './PasskeySignIn';
import { SecondFactor } from './SecondFactor';

const SignInMutation = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { viewer { mustChangePassword } errors { message code path } }
  }
`);

const asksCode = (error: unknown) =>
  error instanceof Refused
    ? error.faults.some(({ code }) => code === 'SECOND_FACTOR_REQUIRED')
    : error instanceof GqlError && error.code === 'SECOND_FACTOR_REQUIRED';

export function SignIn({ onDone }: { onDone(mustChange: boolean): void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const reason = useReason();
  const [step, setStep] = useState<'password' | 'code' | 'ask'>('password');
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value.trim() ? null : t.auth.nameMissing),
      password: (value) => (value ? null : t.auth.passwordMissing),
    },
  });
  const toPassword = () => {
    form.setFieldValue('password', '');
    setStep('password');
  };
  const enter = (mustChange: boolean) => {
    // What the last person loaded is not this one's.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'server' });
    onDone(mustChange);
  };
  const signIn = useMutation({
    mutationFn: async (input: SignInInput) => accepted((await execute(SignInMutation, { input })).signIn),
    onSuccess: (payload) => enter(payload.viewer?.mustChangePassword ?? false),
    onError: (error) => {
      if (asksCode(error)) return setStep('code');
      // No answer says nothing about the password: the code may be sent again.
      if (step === 'code' && !(error instanceof Refused)) return;
      toPassword();
    },
  });
  // One identical sentence for every wrong name or password: the server's own.
  const refused = signIn.error && (signIn.error instanceof Refused ? signIn.error.message : reason(signIn.error));
  if (step === 'ask') return <AskPassword username={form.values.username} onBack={() => setStep('password')} />;
  if (step === 'code')
    return (
      <SecondFactor
        busy={signIn.isPending}
        wrong={asksCode(signIn.error) && !!signIn.variables?.code}
        refused={asksCode(signIn.error) ? undefined : (refused ?? undefined)}
        onCode={(code) => signIn.mutateAsync({ ...form.values, code }).then(() => false, asksCode)}
        onBack={() => {
          signIn.reset();
          toPassword();
        }}
      />
    );
  return (
    <Gate lead={t.auth.lead}>
      <form noValidate onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <FormError>{refused}</FormError>
        <TextField
          label={t.auth.name}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={!form.values.username}
          {...form.getInputProps('username')}
        />
        <TextField
          label={t.auth.password}
          type="password"
          autoComplete="current-password"
          autoFocus={!!form.values.username}
          {...form.getInputProps('password')}
        />
        <Button type="submit" main busy={signIn.isPending}>
          {t.auth.submit}
        </Button>
        <PasskeySignIn onDone={enter} />
        <Button bare className={css.quiet ?? ''} onClick={() => setStep('ask')}>
          {t.auth.ask}
        </Button>
      </form>
    </Gate>
  );
}
