import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import css from './Button.module.css';
import { Icon, type IconName } from './Icon';

type Look = { main?: boolean; bare?: boolean; danger?: boolean; small?: boolean; icon?: IconName };

const classes = ({ main, bare, danger, small }: Look) =>
  [css.button, main && css.main, bare && css.bare, danger && css.danger, small && css.small].filter(Boolean).join(' ');

export function Button({
  main,
  bare,
  danger,
  small,
  icon,
  busy,
  children,
  ...rest
}: Look & ComponentProps<'button'> & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={`${classes({ main, bare, danger, small } as Look)} ${rest.className ?? ''}`}
      aria-busy={busy || undefined}
      // Busy is not disabled: focus must not jump away while a form is on its way.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

function Anchor({ main, bare, danger, small, icon, children, ...rest }: Look & ComponentProps<'a'>) {
  return (
    <a {...rest} className={classes({ main, bare, danger, small } as Look)}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}
/** A link that looks like a button: it goes somewhere. */
export const LinkButton: LinkComponent<typeof Anchor> = createLink(Anchor);

export function IconButton({ icon, label, ...rest }: ComponentProps<'button'> & { icon: IconName; label: string }) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`${css.icon} ${rest.className ?? ''}`}>
      <Icon name={icon} />
    </button>
  );
}
