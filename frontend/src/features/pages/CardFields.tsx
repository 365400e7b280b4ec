import { useId } from 'react';
import { useI18n } from '~/locales';
import { SelectField, TextField } from '~/ui/Field';
import css from './PageForm.module.css';
import { PageIcon } from './PageIcon';
import { pageIcons } from './pageIcons';

/** Stands for a picture's URL among the names of icons. */
export const PICTURE = 'picture';

type Values = { name: string; icon: string; picture: string };
// biome-ignore lint/suspicious/noExplicitAny: the form's own type repeats every field twice
type Form = { values: Values; getInputProps(path: string): any };

/** What the card of a page says; of a found page its source says it. */
export function CardFields({ form, categories }: { form: Form; categories: string[] }) {
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
