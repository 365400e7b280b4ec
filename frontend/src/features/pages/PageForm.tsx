import { useForm } from '@mantine/form';
import { useId } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Dialog } from '~/ui/Dialog';
import { Check, FormError, SelectField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { type CataloguePage, useCreatePage, useUpdatePage } from './catalogue';
import css from './PageForm.module.css';
import { PageIcon } from './PageIcon';
import { pageIcons } from './pageIcons';

const PICTURE = 'picture';
const placed = ['name', 'url', 'icon', 'category', 'description', 'runsIn'] as const;
type Props = { page?: CataloguePage; pages: CataloguePage[]; onClose(): void };

/** Adds a page, or edits one. Of a found page only what its source does not say. */
export function PageForm({ page, pages, onClose }: Props) {
  const { t } = useI18n();
  const p = t.pages;
  const reason = useReason();
  const create = useCreatePage();
  const update = useUpdatePage();
  const { error } = page ? update : create;
  const found = page?.discoveredFrom;
  const isPicture = page?.icon?.startsWith('https://') ?? false;
  const form = useForm({
    initialValues: {
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
    },
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
  const conflict = error instanceof Refused && error.faults.some(({ code }) => code === 'CONFLICT');
  const atField = error instanceof Refused && placed.some((field) => error.at(field));
  return (
    <Dialog title={page ? p.editTitle(page.name) : p.newTitle} opened onClose={onClose}>
      <form className={css.form} noValidate onSubmit={submit}>
        <FormError>{conflict ? p.conflict : error && !atField && reason(error)}</FormError>
        {found ? (
          <p className={css.note}>{p.discovered(found)}</p>
        ) : (
          <Card form={form} categories={[...new Set(pages.map(({ category }) => category))].filter(Boolean)} />
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

type Values = { name: string; icon: string; picture: string };
// biome-ignore lint/suspicious/noExplicitAny: the form's own type repeats every field twice
type Form = { values: Values; getInputProps(path: string): any };

function Card({ form, categories }: { form: Form; categories: string[] }) {
  const { t } = useI18n();
  const p = t.pages;
  const list = useId();
  const { name, icon, picture } = form.values;
  return (
    <>
      <TextField label={p.name} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      <TextField label={p.url} hint={p.urlHint} type="url" autoComplete="off" {...form.getInputProps('url')} />
      <div className={css.icon}>
        <PageIcon name={name || '?'} icon={icon === PICTURE ? picture : icon} />
        <SelectField label={p.icon} {...form.getInputProps('icon')}>
          <option value="">{p.iconNone}</option>
          {Object.keys(pageIcons).map((known) => (
            <option key={known}>{known}</option>
          ))}
          {icon && icon !== PICTURE && !pageIcons[icon] && <option>{icon}</option>}
          <option value={PICTURE}>{p.iconPicture}</option>
        </SelectField>
      </div>
      {icon === PICTURE && <TextField label={p.iconUrl} type="url" {...form.getInputProps('picture')} />}
      <TextField label={p.category} list={list} autoComplete="off" {...form.getInputProps('category')} />
      <datalist id={list}>
        {categories.map((category) => (
          <option key={category} value={category} />
        ))}
      </datalist>
      <TextField label={p.description} autoComplete="off" {...form.getInputProps('description')} />
    </>
  );
}
