import { type ReactNode, useId } from 'react';
import css from './Section.module.css';

type Props = { title: string; lead?: ReactNode; acts?: ReactNode; children?: ReactNode };

/** One matter of an account, found by its heading. */
export function Section({ title, lead, acts, children }: Props) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {acts && <div className={css.acts}>{acts}</div>}
      </div>
      {lead && <p className={css.lead}>{lead}</p>}
      {children}
    </section>
  );
}
