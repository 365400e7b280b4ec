import { useHotkeys } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Pick } from '~/ui/Field';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Segmented } from '~/ui/Segmented';
import { ToneMark } from '~/ui/Status';
import { Failed, Say, Skeleton } from '~/ui/states';
import { FreshnessBanner } from './Freshness';
import { groupOf } from './health';
import css from './PodsPage.module.css';
import { PodTable } from './PodTable';
import { podFeed } from './podFeed';
import { matches, type PodSearch } from './podOrder';
import { SourceNotes, useClusters } from './Sources';

type Props = { search: PodSearch; onSearch(search: PodSearch): void };

export function PodsPage({ search, onSearch }: Props) {
  const { t } = useI18n();
  const version = useFeed(podFeed);
  const { data: clusters } = useClusters();
  const c = t.cluster;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows outside React
  const counts = useMemo(() => {
    const found = { total: 0, look: 0, way: 0, running: 0, all: podFeed.rows.size };
    for (const pod of podFeed.rows.values()) {
      if (!matches(pod, search)) continue;
      found.total++;
      if (pod.health === 'OK') found.running++;
      const group = groupOf(pod.health);
      if (group !== 'rest') found[group]++;
    }
    return found;
  }, [version, search]);

  if (clusters?.clusters.length === 0)
    return (
      <>
        <PageHead title={c.pods} />
        <Say title={c.off}>{c.offWhy}</Say>
      </>
    );
  const summary = [counts.look && c.needLook(counts.look), counts.way && c.onTheirWay(counts.way)].filter(Boolean);
  const shown = search.show ? counts[search.show] : counts.total;
  return (
    <>
      <PageHead title={c.pods}>
        {podFeed.phase === 'ready' &&
          counts.total > 0 &&
          `${c.summary(counts.total)} ${summary.length ? `${summary.join(', ')}.` : counts.total ? c.allWell : ''}`}
      </PageHead>
      <FreshnessBanner store={podFeed} />
      <SourceNotes kinds="pod" />
      <PodFilters search={search} onSearch={onSearch} counts={counts} />
      <div className={css.wide}>
        {podFeed.phase === 'loading' && <Skeleton rows={14} />}
        {podFeed.phase === 'failed' && <Failed what={c.podsFailed} error={podFeed.error} onRetry={podFeed.retry} />}
        {podFeed.phase === 'ready' && counts.all === 0 && <Say title={c.noPods}>{c.noPodsWhy}</Say>}
        {podFeed.phase === 'ready' && counts.all > 0 && shown === 0 && (
          <Say
            title={search.q ? c.noMatch(search.q) : c.noMatchFilter}
            act={<Button onClick={() => onSearch({})}>{t.states.clearFilter}</Button>}
          >
            {c.without(counts.all)}
          </Say>
        )}
        {podFeed.phase === 'ready' && shown > 0 && (
          <>
            <PodTable search={search} onSearch={onSearch} version={version} />
            <p className={css.foot}>
              <span>{c.shown(shown, counts.all)}</span>
              <span>{c.steady}</span>
            </p>
          </>
        )}
      </div>
    </>
  );
}

type Counts = { total: number; look: number; way: number; running: number };

function PodFilters({ search, onSearch, counts }: Props & { counts: Counts }) {
  const { t } = useI18n();
  const c = t.cluster;
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const pods = [...podFeed.rows.values()];
  const distinct = (values: (string | null | undefined)[], chosen?: string) =>
    [...new Set([...values, chosen].filter((value): value is string => !!value))].sort();
  return (
    <div className={css.bar}>
      <SearchInput
        ref={input}
        label={c.filter}
        hotkey="/"
        value={search.q ?? ''}
        onCommit={(q) => onSearch({ ...search, q: q || undefined })}
      />
      <Segmented
        label={c.show}
        value={search.show ?? 'all'}
        onPick={(show) => onSearch({ ...search, show: show === 'all' ? undefined : show })}
        segments={[
          { value: 'all', label: c.all, count: counts.total },
          {
            value: 'look',
            label: c.look,
            count: counts.look,
            mark: counts.look > 0 && <ToneMark tone={worst(pods)} />,
          },
          { value: 'way', label: c.way, count: counts.way, mark: counts.way > 0 && <ToneMark tone="progress" /> },
          { value: 'running', label: c.running, count: counts.running },
        ]}
      />
      <Pick
        aria-label={c.namespace}
        className={css.pick ?? ''}
        value={search.ns ?? ''}
        onChange={(event) => onSearch({ ...search, ns: event.currentTarget.value || undefined })}
      >
        <option value="">{c.allNamespaces}</option>
        {distinct(
          pods.map((pod) => pod.namespace),
          search.ns,
        ).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Pick>
      <Pick
        aria-label={c.node}
        className={css.pick ?? ''}
        value={search.node ?? ''}
        onChange={(event) => onSearch({ ...search, node: event.currentTarget.value || undefined })}
      >
        <option value="">{c.allNodes}</option>
        {distinct(
          pods.map((pod) => pod.node),
          search.node,
        ).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Pick>
    </div>
  );
}

const worst = (pods: { health: string }[]) =>
  pods.some((pod) => pod.health === 'CRITICAL')
    ? 'critical'
    : pods.some((pod) => pod.health === 'WARNING')
      ? 'warning'
      : 'unknown';
