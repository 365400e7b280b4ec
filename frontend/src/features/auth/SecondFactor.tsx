import { useForm } from '@mantine/form';
import { useRef, useState } from 'react';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextField } from '~/ui/Field';
import { Gate } from './Gate';
import css from './Gate.module.css';

type Props = {
  busy: boolean;
  wrong: boolean;
  /** Why it failed for another reason than the code. */
  refused: string | undefined;
  /** Answers whether the code was wrong: only then must another be typed. */
  onCode(code: string): Promise<boolean>;
  onBack(): void;
};

/** The second step of signing in, for whom a password is not enough. */
export function SecondFactor({ busy, wrong, refused, onCode, onBack }: Props) {
  const { t } = useI18n();
  const field = useRef<HTMLInputElement>(null);
  const [recovery, setRecovery] = useState(false);
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() ? null : t.auth.codeMissing) },
  });
  const submit = form.onSubmit(async ({ code }) => {
    if (!(await onCode(code.trim()))) return;
    form.reset();
    field.current?.focus();
  });
  const swap = () => {
    setRecovery(!recovery);
    form.reset();
    field.current?.focus();
  };
  return (
    <Gate lead={t.auth.codeLead}>
      <form noValidate onSubmit={submit}>
        <FormError>{wrong ? (recovery ? t.auth.recoveryWrong : t.auth.codeWrong) : refused}</FormError>
        <TextField
          ref={field}
          label={recovery ? t.auth.recoveryCode : t.auth.code}
          inputMode={recovery ? 'text' : 'numeric'}
          autoComplete={recovery ? 'off' : 'one-time-code'}
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          mono
          {...form.getInputProps('code')}
        />
        <Button type="submit" main busy={busy}>
          {t.auth.submit}
        </Button>
        <Button bare className={css.quiet ?? ''} onClick={swap}>
          {recovery ? t.auth.useAuthenticator : t.auth.useRecovery}
        </Button>
        <Button bare className={css.quiet ?? ''} onClick={onBack}>
          {t.auth.back}
        </Button>
      </form>
    </Gate>
  );
}
