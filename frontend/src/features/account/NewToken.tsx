import { useForm } from '@mantine/form';
import { useId } from 'react';
import { useViewer } from '~/features/auth/session';
import type { TokenScope } from '~/gql/graphql';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { Check, FormError, SelectField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { useCreateToken } from './account';
import css from './NewToken.module.css';
import { areasFor } from './scopes';
import { TokenSecret } from './TokenSecret';

const lives = [30, 90, 365];

export function NewToken({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const create = useCreateToken();
  const { apiToken, secret } = create.data ?? {};
  if (apiToken && secret) return <TokenSecret name={apiToken.name} secret={secret} onClose={onClose} />;
  return (
    <Dialog title={t.account.tokens.create} opened onClose={onClose}>
      <Form create={create} onCancel={onClose} />
    </Dialog>
  );
}

function Form({ create, onCancel }: { create: ReturnType<typeof useCreateToken>; onCancel(): void }) {
  const { t } = useI18n();
  const k = t.account.tokens;
  const viewer = useViewer();
  const reason = useReason();
  const note = useId();
  const form = useForm({
    initialValues: { name: '', scopes: [] as TokenScope[], days: '90' },
    validate: {
      name: (value) => (value.trim() ? null : k.nameMissing),
      scopes: (value) => (value.length ? null : k.scopesMissing),
    },
  });
  const submit = form.onSubmit(({ name, scopes, days }) =>
    create.mutate(
      { name: name.trim(), scopes, expiresInDays: Number(days) },
      {
        onError: (error) => {
          if (error instanceof Refused) form.setErrors({ name: error.at('name'), scopes: error.at('scopes') });
        },
      },
    ),
  );
  const { error } = create;
  const placed = error instanceof Refused && (error.at('name') || error.at('scopes'));
  const tick = (scope: TokenScope, on: boolean) =>
    form.setFieldValue('scopes', (before) => [...before.filter((other) => other !== scope), ...(on ? [scope] : [])]);
  const box = (scope: TokenScope, label: string) => (
    <Check
      label={label}
      checked={form.values.scopes.includes(scope)}
      onChange={(event) => tick(scope, event.currentTarget.checked)}
    />
  );
  return (
    <form className={css.form} noValidate onSubmit={submit}>
      <FormError>{error && !placed && reason(error)}</FormError>
      <TextField
        label={k.name}
        hint={k.nameHint}
        autoComplete="off"
        maxLength={100}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <fieldset className={css.scopes} aria-describedby={note}>
        <legend>{k.scopes}</legend>
        {areasFor(viewer).map(({ area, read, write }) => (
          // biome-ignore lint/a11y/useSemanticElements: a legend cannot stand in a row with its boxes
          <div key={area} className={css.area} role="group" aria-label={k.areas[area]}>
            <span aria-hidden="true">{k.areas[area]}</span>
            {box(read, k.read)}
            {write && box(write, k.write)}
          </div>
        ))}
        <div id={note}>
          <FormError>{form.errors.scopes}</FormError>
        </div>
      </fieldset>
      <SelectField label={k.expiry} {...form.getInputProps('days')}>
        {lives.map((days) => (
          <option key={days} value={days}>
            {k.days(days)}
          </option>
        ))}
      </SelectField>
      <div className={css.acts}>
        <Button onClick={onCancel}>{t.app.cancel}</Button>
        <Button type="submit" main busy={create.isPending}>
          {k.make}
        </Button>
      </div>
    </form>
  );
}
