import { useI18n } from '~/locales';
import css from './DemoTag.module.css';

/** On every page: nobody should take the demo's pods for their own. */
export function DemoTag() {
  const { t } = useI18n();
  return (
    <span className={css.tag} title={t.app.demoWhy}>
      {t.app.demo}
    </span>
  );
}
