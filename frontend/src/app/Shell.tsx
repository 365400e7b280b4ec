import { Drawer } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useRight, useServer } from '~/features/auth/session';
import { usePageFeed } from '~/features/pages/pageFeed';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { IconButton } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { Logo } from '~/ui/Logo';
import { AccountMenu } from './AccountMenu';
import { DemoTag } from './DemoTag';
import { LiveBadge } from './LiveBadge';
import { Nav } from './Nav';
import { LanguageButton, ThemeButton } from './preferences';
import css from './Shell.module.css';

// Asked for by a key or a click: neither belongs to what a first visit loads.
const Palette = lazy(() => import('./Palette'));
const KeyList = lazy(() => import('./KeyList'));

/** A new page begins at its beginning, for the keyboard too; a field that took the focus keeps it. */
function useFocusOnNewPage() {
  const pathname = useLocation({ select: (location) => location.pathname });
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const main = document.getElementById('main');
    if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
  }, [pathname]);
}

/** One stream that everybody may have is open on every page: by its socket one hears of other rights. */
function useSocket() {
  const feed = usePageFeed();
  useEffect(() => feed.acquire(), [feed]);
}

export function Shell() {
  const { t } = useI18n();
  const server = useServer();
  useSocket();
  useFocusOnNewPage();
  const [menu, setMenu] = useDisclosure();
  const [asked, setAsked] = useState({ palette: false, keys: false });
  const find = () => setAsked((before) => ({ ...before, palette: true }));
  const showKeys = () => setAsked((before) => ({ ...before, keys: true }));
  useHotkeys([['mod+K', find]], []);
  useHotkeys([['shift+?', showKeys]]);
  return (
    <div className={css.shell}>
      <a href="#main" className={css.skip}>
        {t.app.skip}
      </a>
      <aside className={css.side}>
        <Brand />
        <Nav />
        <Place name={server.name} />
      </aside>
      <div className={css.page}>
        <header className={css.top}>
          <IconButton icon="menu" label={t.app.openMenu} className={css.menu ?? ''} onClick={setMenu.open} />
          <Brand />
          <button type="button" className={css.find} onClick={find}>
            <Icon name="search" small />
            <span>{t.app.find}</span>
            <kbd>Ctrl K</kbd>
          </button>
          {server.demo && <DemoTag />}
          <span className={css.grow} />
          <LiveBadge />
          <span className={css.preferences}>
            <LanguageButton />
            <ThemeButton />
          </span>
          <AccountMenu onKeys={showKeys} />
        </header>
        <main id="main" tabIndex={-1} className={css.main}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={menu}
        onClose={setMenu.close}
        size="17.5rem"
        title={<Brand />}
        closeButtonProps={{ 'aria-label': t.app.closeMenu }}
        transitionProps={{ duration: 180 }}
        classNames={{
          overlay: css.scrim ?? '',
          content: css.sheet ?? '',
          header: css.sheetHead ?? '',
          body: css.sheetBody ?? '',
        }}
      >
        <Nav inDrawer onPick={setMenu.close} />
        <div className={css.drawerPreferences}>
          <LanguageButton wide />
          <ThemeButton wide />
        </div>
      </Drawer>
      <Suspense>
        {asked.palette && <Palette onClose={() => setAsked((before) => ({ ...before, palette: false }))} />}
        {asked.keys && <KeyList onClose={() => setAsked((before) => ({ ...before, keys: false }))} />}
      </Suspense>
    </div>
  );
}

function Brand() {
  const { t } = useI18n();
  return (
    <Link to="/" className={css.brand} aria-label={t.app.name}>
      <Logo />
      <span>{t.app.name}</span>
    </Link>
  );
}

const PlaceQuery = graphql(`query Place { clusters { name nodeNames } }`);

function Place({ name }: { name: string }) {
  const { t } = useI18n();
  const enabled = useRight('CLUSTER_VIEW');
  const cluster = useQuery({ queryKey: ['place'], queryFn: () => execute(PlaceQuery), staleTime: 60_000, enabled }).data
    ?.clusters[0];
  return (
    <div className={css.place}>
      <Icon name="node" small />
      <span>
        <b>{name}</b>
        <br />
        {cluster && (cluster.nodeNames.length ? t.app.clusterLine(cluster.nodeNames.length) : t.app.noNodes)}
      </span>
    </div>
  );
}
