import { useState } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { FormError, TextAreaField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { sendKey, useDraft } from './draft';
import css from './PostForm.module.css';

type Props = {
  draftName: string;
  initial?: { title: string; body: string };
  verb: string;
  busy: boolean;
  error: Error | null;
  onSubmit(draft: { title: string; body: string }, done: () => void): void;
  onCancel(): void;
};

export function PostForm({ draftName, initial, verb, busy, error, onSubmit, onCancel }: Props) {
  const { t } = useI18n();
  const reason = useReason();
  const title = useDraft(`${draftName}:title`, initial?.title);
  const body = useDraft(`${draftName}:body`, initial?.body);
  const [tried, setTried] = useState(false);
  const missing = { title: !title.text.trim(), body: !body.text.trim() };
  const refused = error instanceof Refused ? error : undefined;
  const forget = () => {
    title.clear();
    body.clear();
  };
  const send = () => {
    setTried(true);
    if (missing.title || missing.body || busy) return;
    onSubmit({ title: title.text.trim(), body: body.text.trim() }, forget);
  };
  const conflict = refused?.faults.some((fault) => fault.code === 'CONFLICT');
  const whole = refused
    ? conflict
      ? t.boards.conflict
      : !refused.at('title') && !refused.at('body') && refused.message
    : error && reason(error);
  return (
    <form
      className={css.form}
      noValidate
      onKeyDown={sendKey(send)}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <FormError>{whole}</FormError>
      <TextField
        label={t.boards.postTitle}
        value={title.text}
        onChange={(event) => title.setText(event.currentTarget.value)}
        error={tried && missing.title ? t.boards.titleMissing : refused?.at('title')}
        autoFocus
      />
      <TextAreaField
        label={t.boards.postBody}
        hint={t.boards.postHint}
        value={body.text}
        onChange={(event) => body.setText(event.currentTarget.value)}
        error={tried && missing.body ? t.boards.bodyMissing : refused?.at('body')}
        rows={12}
      />
      <div className={css.acts}>
        <span>{title.text || body.text ? t.boards.draftKept : t.boards.draftWill}</span>
        <Button
          onClick={() => {
            forget();
            onCancel();
          }}
        >
          {t.app.cancel}
        </Button>
        <Button type="submit" main busy={busy}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
