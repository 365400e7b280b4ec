import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { onConnected, subscribe } from '~/lib/live';
import { useI18n } from '~/locales';
import { Check, Pick } from '~/ui/Field';
import { SearchInput } from '~/ui/SearchInput';
import { Failed, Skeleton } from '~/ui/states';
import type { PodDetail } from '../feeds/pods';
import { LogBox } from './LogBox';
import css from './Logs.module.css';
import { LogTail } from './LogTail';

const LINES = 1000;

const LogStream = graphql(`
  subscription LogStream($pod: ID!, $container: String!, $tail: Int!) {
    podLogLines(pod: $pod, container: $container, tail: $tail) { lines { at text } }
  }
`);
const PreviousLog = graphql(`
  query PreviousLog($pod: ID!, $container: String!, $tail: Int!) {
    podLogs(pod: $pod, container: $container, tail: $tail, previous: true) { lines { at text } }
  }
`);

/** What a pod's containers write, as they write it. */
export function Logs({ pod }: { pod: PodDetail }) {
  const { t } = useI18n();
  const l = t.logs;
  // The one that is in trouble, else the first that runs for good.
  const usual =
    pod.containers.find((each) => each.lastRun && !each.ready) ?? pod.containers.find(({ kind }) => kind === 'MAIN');
  const [container, setContainer] = useState(usual?.name ?? '');
  const [previous, setPrevious] = useState(false);
  const [wrap, setWrap] = useState(true);
  const [find, setFind] = useState('');
  const hasPrevious = !!pod.containers.find(({ name }) => name === container)?.lastRun;
  const box = { container, wrap, find };
  return (
    <section className={css.logs} aria-label={l.title}>
      <div className={css.head}>
        <h2>{l.title}</h2>
        {pod.containers.length > 1 && (
          <Pick
            aria-label={l.container}
            value={container}
            onChange={(event) => {
              setContainer(event.currentTarget.value);
              setPrevious(false);
            }}
          >
            {pod.containers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Pick>
        )}
        <SearchInput label={l.find} value={find} onCommit={setFind} />
        <Check label={l.wrap} checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
        {hasPrevious && (
          <Check label={l.previous} checked={previous} onChange={(event) => setPrevious(event.currentTarget.checked)} />
        )}
      </div>
      {previous && hasPrevious ? (
        <Before key={container} pod={pod.id} {...box} />
      ) : (
        <Now key={container} pod={pod.id} {...box} />
      )}
    </section>
  );
}

type Props = { pod: string; container: string; wrap: boolean; find: string };

function Now({ pod, container, wrap, find }: Props) {
  const { t } = useI18n();
  const [tries, setTries] = useState(0);
  const [tail, setTail] = useState(() => new LogTail());
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another log
  useEffect(() => {
    const fresh = new LogTail();
    setTail(fresh);
    const unlisten = onConnected(() => fresh.clear());
    const stop = subscribe(
      LogStream,
      { pod, container, tail: LINES },
      {
        next: ({ podLogLines }) => fresh.append(podLogLines.lines),
        error: (error) => fresh.fail(error),
        complete: () => fresh.end(),
      },
    );
    return () => {
      stop();
      unlisten();
    };
  }, [pod, container, tries]);
  useSyncExternalStore(tail.subscribe, tail.getVersion);
  if (tail.phase === 'failed' && !tail.blocks.length)
    return <Failed what={t.logs.failed} error={tail.error} onRetry={() => setTries(tries + 1)} />;
  const note =
    tail.phase === 'ended'
      ? t.logs.ended
      : tail.phase === 'live'
        ? t.logs.live
        : tail.phase === 'failed'
          ? t.logs.broke
          : '';
  return <LogBox blocks={tail.blocks} wrap={wrap} find={find} note={note} label={container} />;
}

function Before({ pod, container, wrap, find }: Props) {
  const { t } = useI18n();
  const query = useQuery({
    queryKey: ['previous-log', pod, container],
    queryFn: () => execute(PreviousLog, { pod, container, tail: LINES }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isPending) return <Skeleton rows={6} />;
  if (query.isError) return <Failed what={t.logs.failed} error={query.error} onRetry={() => query.refetch()} />;
  const blocks = [{ id: 0, lines: query.data.podLogs.lines }];
  return <LogBox blocks={blocks} wrap={wrap} find={find} note={t.logs.ofPrevious} label={container} />;
}
