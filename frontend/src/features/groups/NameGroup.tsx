import { useForm } from '@mantine/form';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import css from './GroupsPage.module.css';

type Props<I> = {
  title: string;
  verb: string;
  initial: string;
  change: UseMutationResult<unknown, Error, I>;
  input(name: string): I;
  said(name: string): string;
  onClose(): void;
};

/** Asks for a group's name, for a new one or another one. */
export function NameGroup<I>({ title, verb, initial, change, input, said, onClose }: Props<I>) {
  const { t } = useI18n();
  const reason = useReason();
  // As it was when it was opened: a newer version, read meanwhile, was not seen here.
  const [inputOf] = useState(() => input);
  const form = useForm({
    initialValues: { name: initial },
    validate: { name: (value) => (value.trim() ? null : t.groups.nameMissing) },
  });
  const submit = form.onSubmit(({ name }) =>
    change.mutate(inputOf(name.trim()), {
      onSuccess: () => {
        toast.well(said(name.trim()));
        onClose();
      },
      onError: (error) => {
        if (!(error instanceof Refused)) return;
        const taken = error.faults.some(({ code, path }) => code === 'CONFLICT' && path?.at(-1) === 'name');
        form.setErrors({ name: taken ? t.groups.nameTaken : error.at('name') });
      },
    }),
  );
  const placed = change.error instanceof Refused && change.error.at('name');
  return (
    <Dialog title={title} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit}>
        <FormError>{change.error && !placed && reason(change.error)}</FormError>
        <TextField label={t.groups.name} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main busy={change.isPending}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
