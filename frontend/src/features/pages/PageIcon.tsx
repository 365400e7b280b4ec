import { useState } from 'react';
import css from './PageIcon.module.css';
import { pageIcons } from './pageIcons';

type Props = {
  name: string;
  icon?: string | null;
  tone?: 'critical' | 'warning' | 'unknown' | undefined;
  small?: boolean;
};

/** The round mark of a page: its icon, its picture, or its first letter when there is none or it does not come. */
export function PageIcon({ name, icon, tone, small }: Props) {
  const shape = icon ? pageIcons[icon] : undefined;
  const [broken, setBroken] = useState<string>();
  const picture = icon?.startsWith('https://') && icon !== broken ? icon : undefined;
  return (
    <span className={`${css.icon} ${tone ? css[tone] : ''} ${small ? css.small : ''}`} aria-hidden="true">
      {picture ? (
        <img src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(picture)} />
      ) : shape ? (
        <svg viewBox="0 0 24 24" aria-hidden="true">
          {shape}
        </svg>
      ) : (
        [...name][0]?.toUpperCase()
      )}
    </span>
  );
}
