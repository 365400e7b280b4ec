import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/copy';
import { Dialog } from '~/ui/Dialog';
import own from './NewToken.module.css';
import css from './TwoFactor.module.css';

function save(text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'porthole-recovery-codes.txt';
  link.click();
  // Some browsers read it only after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Shows the codes for the only time: a click beside the dialog does not close it. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const { t } = useI18n();
  const s = t.account.second;
  const text = codes.join('\n');
  return (
    <Dialog title={s.codesTitle} opened firm onClose={onClose}>
      <div className={own.form}>
        <p>{s.codesWhy}</p>
        <ul className={css.codes} aria-label={s.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className={own.acts}>
          <CopyButton text={text} />
          <Button icon="down" onClick={() => save(`${s.fileHead}\n\n${text}\n`)}>
            {s.download}
          </Button>
          <Button main onClick={onClose}>
            {s.kept}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
