import { useConnection } from '~/lib/live';
import type { LiveStore } from '~/lib/liveStore';
import { clockSeconds } from '~/lib/time';
import { useI18n } from '~/locales';
import { Banner } from '~/ui/states';

/** Rows stay when nothing new comes; then this says of when they are. Never before a first good look. */
export function FreshnessBanner({ store }: { store: LiveStore<never> | LiveStore<{ id: string }> }) {
  const { t, locale } = useI18n();
  const { status, lastAt } = useConnection();
  if (store.phase !== 'ready') return null;
  const observed = store.freshness?.observedAt ? Date.parse(store.freshness.observedAt) : undefined;
  if (status !== 'live' && lastAt > 0)
    return (
      <Banner tone="stale">
        {t.states.shownAsOf(clockSeconds(locale, lastAt))} {t.states.reconnecting}
      </Banner>
    );
  if (store.freshness?.stale)
    return (
      <Banner tone="stale">
        {t.states.clusterSilent} {observed !== undefined && t.states.shownAsOf(clockSeconds(locale, observed))}
      </Banner>
    );
  return null;
}
