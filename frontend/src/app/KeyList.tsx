import { useI18n } from '~/locales';
import { Dialog } from '~/ui/Dialog';
import css from './KeyList.module.css';

export default function KeyList({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const { keyList } = t.app;
  const keys = [
    [['Ctrl', 'K'], keyList.find],
    [['/'], keyList.filter],
    [['Ctrl', 'Enter'], keyList.send],
    [['Esc'], keyList.leave],
    [['?'], keyList.help],
  ] as const;
  return (
    <Dialog title={t.app.keys} opened onClose={onClose}>
      <dl className={css.keys}>
        {keys.map(([combination, meaning]) => (
          <div key={meaning}>
            <dt>
              {combination.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
