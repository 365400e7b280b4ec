import { type ReactNode, useEffect } from 'react';
import { useI18n } from '~/locales';
import css from './PageHead.module.css';

/** Sets the tab's title; the name of the product comes last so that tabs can be told apart. */
export function useTitle(title: string) {
  const { t } = useI18n();
  useEffect(() => {
    document.title = title === t.app.name ? title : `${title} · ${t.app.name}`;
  }, [title, t]);
}

export function PageHead({ title, children, acts }: { title: string; children?: ReactNode; acts?: ReactNode }) {
  useTitle(title);
  return (
    <div className={css.head}>
      <h1>{title}</h1>
      {children && <p>{children}</p>}
      {acts && <div className={css.acts}>{acts}</div>}
    </div>
  );
}

export function Crumbs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={css.crumbs} aria-label={label}>
      {children}
    </nav>
  );
}
