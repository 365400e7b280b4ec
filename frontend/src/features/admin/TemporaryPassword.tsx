import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/copy';
import { Dialog } from '~/ui/Dialog';
import css from './AddPerson.module.css';

/** Shows a password for the only time: a click beside the dialog does not close it. */
export function TemporaryPassword({ title, password, onClose }: { title: string; password: string; onClose(): void }) {
  const { t } = useI18n();
  const a = t.admin;
  return (
    <Dialog title={title} opened firm onClose={onClose}>
      <div className={css.form}>
        <p>{a.createdWhy}</p>
        <div>
          <span className={css.label} id="temporary-password">
            {a.temporary}
          </span>
          <output className={css.password} aria-labelledby="temporary-password">
            {password}
          </output>
        </div>
        <div className={css.acts}>
          <Button onClick={onClose}>{a.done}</Button>
          <CopyButton text={password} label={a.copyPassword} main />
        </div>
      </div>
    </Dialog>
  );
}
