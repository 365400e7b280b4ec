import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { CodeBox, CopyButton } from '~/ui/copy';
import { Dialog } from '~/ui/Dialog';
import css from './NewToken.module.css';

// Works with every scope. The token itself stays out: what is pasted into a shell is kept in its history.
const example = () => `curl ${location.origin}/graphql \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"{ viewer { user { username } } }"}'`;

/** Shows a token for the only time: a click beside the dialog does not close it. */
export function TokenSecret({ name, secret, onClose }: { name: string; secret: string; onClose(): void }) {
  const { t } = useI18n();
  const k = t.account.tokens;
  return (
    <Dialog title={k.madeTitle(name)} opened firm onClose={onClose}>
      <div className={css.form}>
        <p>{k.madeWhy}</p>
        <div>
          <span className={css.label} id="token-secret">
            {k.secret}
          </span>
          <output className={css.secret} aria-labelledby="token-secret">
            {secret}
          </output>
        </div>
        <div>
          <span className={css.label}>{k.example}</span>
          <CodeBox text={example()} />
        </div>
        <div className={css.acts}>
          <Button onClick={onClose}>{k.kept}</Button>
          <CopyButton text={secret} label={k.copySecret} main />
        </div>
      </div>
    </Dialog>
  );
}
