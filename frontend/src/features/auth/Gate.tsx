import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DemoTag } from '~/app/DemoTag';
import { LanguageButton, ThemeButton } from '~/app/preferences';
import { useI18n } from '~/locales';
import { Logo } from '~/ui/Logo';
import { useTitle } from '~/ui/PageHead';
import css from './Gate.module.css';
import { serverQuery } from './session';

const bolts = Array.from({ length: 12 }, (_, hour) => {
  const angle = (hour / 12) * 2 * Math.PI;
  return { x: 400 + 379 * Math.cos(angle), y: 400 + 379 * Math.sin(angle) };
});

/** The window one looks in through before one is inside. */
export function Gate({ title, lead, children }: { title?: string; lead: string; children: ReactNode }) {
  const { t } = useI18n();
  const server = useQuery(serverQuery).data?.server;
  useTitle(title ?? t.auth.title);
  return (
    <div className={css.gate}>
      <main className={css.window} id="main">
        <svg viewBox="0 0 800 800" aria-hidden="true">
          <circle className={css.glass} cx="400" cy="400" r="362" />
          <path
            className={css.water}
            d="M129 640c45-18 90.5-18 135.5 0s90.5 18 135.5 0 90.5-18 135.5 0 90.5 18 135.5 0A362 362 0 0 1 129 640z"
          />
          <circle className={css.frame} cx="400" cy="400" r="379" />
          <circle className={css.rim} cx="400" cy="400" r="362" />
          <circle className={css.rim} cx="400" cy="400" r="396" />
          {bolts.map(({ x, y }) => (
            <circle key={`${x} ${y}`} className={css.bolt} cx={x} cy={y} r="3.2" />
          ))}
        </svg>
        <div className={css.inside}>
          <div className={css.mark}>
            <Logo />
            <h1>{title ?? server?.name ?? t.app.name}</h1>
            <p>{lead}</p>
          </div>
          {children}
        </div>
      </main>
      <footer className={css.footer}>
        {server && <span>{t.auth.version(server.version)}</span>}
        <LanguageButton />
        <ThemeButton />
        {server?.demo && <DemoTag />}
      </footer>
    </div>
  );
}
