import { Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useI18n } from '~/locales';
import { Button } from './Button';
import css from './Dialog.module.css';
import { FormError, TextField } from './Field';

type Props = { title: string; opened: boolean; onClose(): void; children: ReactNode; firm?: boolean };

/** `firm`: holds something shown only once, so a click beside it must not lose it. */
export function Dialog({ title, opened, onClose, children, firm = false }: Props) {
  const { t } = useI18n();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeOnClickOutside={!firm}
      closeOnEscape={!firm}
      withCloseButton={!firm}
      closeButtonProps={{ 'aria-label': t.app.close }}
      transitionProps={{ transition: 'fade', duration: 120 }}
      classNames={{
        overlay: css.overlay ?? '',
        inner: css.inner ?? '',
        content: css.content ?? '',
        header: css.header ?? '',
        title: css.title ?? '',
        body: css.body ?? '',
      }}
    >
      {children}
    </Modal>
  );
}

type ConfirmProps = {
  title: string;
  opened: boolean;
  onClose(): void;
  children: ReactNode;
  verb: string;
  /** What cannot be undone is confirmed by typing its name. */
  name?: string;
  busy?: boolean;
  /** Why it was refused. */
  error?: ReactNode;
  onConfirm(): void;
};

export function Confirm({ name, verb, busy, error, onConfirm, children, ...dialog }: ConfirmProps) {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  const sure = !name || typed.trim() === name.trim();
  return (
    <Dialog {...dialog}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (sure) onConfirm();
        }}
      >
        <p>{children}</p>
        <FormError>{error}</FormError>
        {name && (
          <TextField
            label={t.app.typeName(name)}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        <div className={css.acts}>
          <Button onClick={dialog.onClose}>{t.app.cancel}</Button>
          <Button type="submit" danger disabled={!sure} busy={busy ?? false}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
