import type { ReactNode } from 'react';
import css from './Mono.module.css';

/** Names of machines. */
export const Mono = ({ children }: { children: ReactNode }) => <span className={css.mono}>{children}</span>;

/**
 * A name whose owner is strong and whose random ending is faint: **grafana**-6c9f7d8b54-x2k9p. Without an owner the
 * ending is recognised by its shape.
 */
export function MachineName({ name, owner }: { name: string; owner?: string | undefined }) {
  const stem =
    owner && name.startsWith(owner)
      ? owner
      : (/^(.+?)(?:-[0-9a-f]{6,10}-[a-z0-9]{5}|-[a-z0-9]{5}|-\d+)$/.exec(name)?.[1] ?? name);
  return (
    <span className={css.name} title={name}>
      <b>{stem}</b>
      {name.slice(stem.length)}
    </span>
  );
}
