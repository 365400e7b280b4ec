import { Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useViewer } from '~/features/auth/session';
import { openIncidents, useIncidentFeed } from '~/features/cluster/feeds/incidents';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Icon, type IconName } from '~/ui/Icon';
import { Mark } from '~/ui/Status';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './Nav.module.css';

export type Page = { to: NonNullable<LinkProps['to']>; icon: IconName; label: string };

/** The pages this viewer may open: a page that may not be opened is not shown. */
export function usePages() {
  const { t } = useI18n();
  const { isAdmin, rights } = useViewer();
  const { pages, groups } = t.app;
  const home: Page[] = [{ to: '/', icon: 'home', label: pages.home }];
  const boards: Page[] = [
    { to: '/notices', icon: 'notice', label: pages.notices },
    { to: '/requests', icon: 'request', label: pages.requests },
  ];
  const cluster: Page[] = [
    { to: '/cluster', icon: 'overview', label: pages.cluster },
    { to: '/incidents', icon: 'incident', label: pages.incidents },
    { to: '/pods', icon: 'pod', label: pages.pods },
    { to: '/workloads', icon: 'workload', label: pages.workloads },
    { to: '/nodes', icon: 'node', label: pages.nodes },
    { to: '/certificates', icon: 'cert', label: pages.certificates },
    { to: '/applications', icon: 'branch', label: pages.applications },
    { to: '/events', icon: 'event', label: pages.events },
  ];
  const seesCluster = rights.includes('CLUSTER_VIEW');
  const admin: Page[] = [
    ...(isAdmin
      ? [
          { to: '/people' as const, icon: 'users' as const, label: pages.people },
          { to: '/pages' as const, icon: 'apps' as const, label: pages.catalogue },
        ]
      : []),
    ...(rights.includes('CHANNELS_MANAGE')
      ? [{ to: '/channels' as const, icon: 'channel' as const, label: pages.channels }]
      : []),
    ...(isAdmin ? [{ to: '/audit' as const, icon: 'audit' as const, label: pages.audit }] : []),
  ];
  return [
    { heading: '', pages: home },
    { heading: groups.boards, pages: boards },
    ...(seesCluster ? [{ heading: groups.cluster, pages: cluster }] : []),
    ...(admin.length ? [{ heading: groups.admin, pages: admin }] : []),
  ];
}

export function Nav({ onPick, inDrawer }: { onPick?(): void; inDrawer?: boolean }) {
  const { t } = useI18n();
  const groups = usePages();
  // Between a phone and a desk the side bar shows icons alone; then their names are a hover or a focus away.
  const narrow = useMediaQuery('(min-width: 48.01em) and (max-width: 75em)') && !inDrawer;
  return (
    <nav className={`${css.nav} ${inDrawer ? css.roomy : ''}`} aria-label={t.app.navigation}>
      {groups.map(({ heading, pages }) => (
        <div key={heading}>
          {heading && <h2>{heading}</h2>}
          <ul>
            {pages.map(({ to, icon, label }) => (
              <li key={to}>
                <Tooltip label={label} position="right" disabled={!narrow} classNames={{ tooltip: css.tip ?? '' }}>
                  <Link
                    to={to}
                    activeOptions={{ exact: to === '/', includeSearch: false }}
                    activeProps={{ 'aria-current': 'page' }}
                    onClick={() => onPick?.()}
                  >
                    <Icon name={icon} />
                    <span className={css.label}>{label}</span>
                    {to === '/incidents' && <OpenCount />}
                  </Link>
                </Tooltip>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function OpenCount() {
  const { t } = useI18n();
  const feed = useIncidentFeed();
  useFeed(feed);
  const open = openIncidents(feed);
  if (!open.length) return null;
  const worst = open[0]?.severity === 'CRITICAL' ? 'critical' : 'warning';
  return (
    <span className={`${css.count} ${css[worst]}`}>
      <Mark name={worst} />
      <span aria-hidden="true">{open.length}</span>
      <VisuallyHidden>, {t.app.openIncidents(open.length)}</VisuallyHidden>
    </span>
  );
}
