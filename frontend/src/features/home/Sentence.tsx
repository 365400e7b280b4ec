import { Link } from '@tanstack/react-router';
import { useViewer } from '~/features/auth/session';
import type { IncidentRow } from '~/features/cluster/incidentFeed';
import { podFeed } from '~/features/cluster/podFeed';
import { useClusters } from '~/features/cluster/Sources';
import { useNow } from '~/lib/clock';
import { useFeed } from '~/lib/liveStore';
import { duration, moment } from '~/lib/time';
import { useI18n } from '~/locales';

type Recent = { openedAt: string }[] | undefined;

/** Says how things stand, in one sentence that somebody would say. What is not known is not called well. */
export function Sentence({ open, ready, recent }: { open: IncidentRow[]; ready: boolean; recent: Recent }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const h = t.home;
  const worst = open[0];
  const blind = useBlind();
  if (worst)
    return (
      <div>
        <h1>{ended(worst.title)}</h1>
        <p>
          {h.since(duration(locale, now - Date.parse(worst.openedAt)))}{' '}
          <Link to="/incidents/$number" params={{ number: String(worst.number) }}>
            {h.readStory}
          </Link>
          <br />
          {open.length > 1 ? h.others(open.length - 1) : h.nothingElse}
        </p>
      </div>
    );
  if (blind)
    return (
      <div>
        <h1>{h.blind}</h1>
        <p>{h.blindWhy}</p>
      </div>
    );
  if (!ready) return <h1>{h.looking}</h1>;
  return <Quiet last={recent?.[0] && moment(locale, Date.parse(recent[0].openedAt), now)} />;
}

function Quiet({ last }: { last: string | undefined }) {
  const { t } = useI18n();
  const viewer = useViewer();
  useFeed(podFeed);
  const pods = podFeed.phase === 'ready' ? [...podFeed.rows.values()] : [];
  const calm = pods.length > 0 && pods.every((pod) => ['OK', 'DONE', 'PROGRESSING'].includes(pod.health));
  return (
    <div>
      <h1>{t.home.quiet(viewer.displayName)}</h1>
      <p>
        {last ? t.home.quietSince(last) : t.home.quietLong} {calm && t.home.well(pods.length)}
      </p>
    </div>
  );
}

function useBlind() {
  const { data } = useClusters();
  const clusters = data?.clusters;
  return !!clusters?.length && clusters.every((cluster) => !cluster.reachable || cluster.freshness.stale);
}

const ended = (title: string) => (/[.!?。]$/.test(title) ? title : `${title}.`);
