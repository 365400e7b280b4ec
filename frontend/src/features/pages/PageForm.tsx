import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { Check, FormError, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { CardFields, PICTURE } from './CardFields';
import { type CataloguePage, catalogueQuery, useCreatePage, useUpdatePage } from './catalogue';
import css from './PageForm.module.css';

const placed = ['name', 'url', 'icon', 'category', 'description', 'runsIn'] as const;
type Props = { page?: CataloguePage; pages: CataloguePage[]; onClose(): void };

function valuesOf(page: CataloguePage | undefined) {
  const isPicture = page?.icon?.startsWith('https://') ?? false;
  return {
    name: page?.name ?? '',
    url: page?.url ?? '',
    icon: isPicture ? PICTURE : (page?.icon ?? ''),
    picture: isPicture ? (page?.icon ?? '') : '',
    category: page?.category ?? '',
    description: page?.description ?? '',
    position: String(page?.position ?? 0),
    runsIn: page?.runsIn ?? '',
    forEveryone: page?.forEveryone ?? false,
    probed: page?.probed ?? true,
  };
}

/** Adds a page, or edits one. Of a found page only what its source does not say. */
export function PageForm({ page: given, pages, onClose }: Props) {
  const { t } = useI18n();
  const p = t.pages;
  const reason = useReason();
  const client = useQueryClient();
  const fields = useRef<HTMLFormElement>(null);
  // The list behind is read again by itself: what is saved must be weighed against what was seen here.
  const [page, setPage] = useState(given);
  const create = useCreatePage();
  const update = useUpdatePage();
  const { error } = page ? update : create;
  const found = page?.discoveredFrom;
  const form = useForm({
    initialValues: valuesOf(page),
    validate: {
      name: (value) => (value.trim() ? null : p.nameMissing),
      url: (value) => (/^https?:\/\/\S+$/.test(value.trim()) ? null : p.urlMissing),
    },
  });
  const refused = (failure: Error) => {
    if (failure instanceof Refused)
      form.setErrors(Object.fromEntries(placed.map((field) => [field, failure.at(field)])));
  };
  const submit = form.onSubmit(({ picture, icon, position, ...values }) => {
    const treatment = {
      position: Number.parseInt(position, 10) || 0,
      runsIn: values.runsIn,
      forEveryone: values.forEveryone,
      probed: values.probed,
    };
    const card = {
      name: values.name,
      url: values.url,
      icon: icon === PICTURE ? picture.trim() : icon,
      category: values.category,
      description: values.description,
    };
    const well = (text: string) => () => {
      toast.well(text);
      onClose();
    };
    if (page)
      update.mutate(
        { id: page.id, expectedVersion: page.version, ...(found ? {} : card), ...treatment },
        { onSuccess: well(p.saved(values.name.trim())), onError: refused },
      );
    else create.mutate({ ...card, ...treatment }, { onSuccess: well(p.added(values.name.trim())), onError: refused });
  });
  const lookAgain = async () => {
    const now = (await client.fetchQuery({ ...catalogueQuery, staleTime: 0 })).find(({ id }) => id === page?.id);
    if (!now) return onClose();
    setPage(now);
    form.setValues(valuesOf(now));
    form.clearErrors();
    update.reset();
    fields.current?.querySelector('input')?.focus();
  };
  const outdated = error instanceof Refused && error.at('expectedVersion');
  const atField = error instanceof Refused && placed.some((field) => error.at(field));
  return (
    <Dialog title={page ? p.editTitle(page.name) : p.newTitle} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit} ref={fields}>
        <FormError>{outdated ? p.conflict : error && !atField && reason(error)}</FormError>
        {outdated && (
          <Button onClick={() => lookAgain().catch((failure) => toast.bad(reason(failure)))}>{p.lookAgain}</Button>
        )}
        {found ? (
          <p className={css.note}>{p.discovered(found)}</p>
        ) : (
          <CardFields form={form} categories={[...new Set(pages.map(({ category }) => category))].filter(Boolean)} />
        )}
        <TextField label={p.runsIn} hint={p.runsInHint} autoComplete="off" mono {...form.getInputProps('runsIn')} />
        <TextField label={p.position} type="number" {...form.getInputProps('position')} />
        <Check label={p.forEveryone} {...form.getInputProps('forEveryone', { type: 'checkbox' })} />
        <Check label={p.probed} {...form.getInputProps('probed', { type: 'checkbox' })} />
        <div className={css.acts}>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" main busy={create.isPending || update.isPending}>
            {page ? t.app.save : p.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
