import { Link } from '@tanstack/react-router';
import { memo, useRef } from 'react';
import { useNow } from '~/lib/clock';
import { useRow } from '~/lib/liveStore';
import { age } from '~/lib/time';
import { useI18n } from '~/locales';
import { MachineName } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { tones } from './health';
import css from './PodTable.module.css';
import { type PodRow, podFeed } from './podFeed';

type Props = { id: string; rowIndex: number; offset: number; height: number; gap: boolean };

/** One pod. It listens for itself, so a change renders this row and no other. */
export const PodLine = memo(function PodLine({ id, rowIndex, offset, height, gap }: Props) {
  const { t } = useI18n();
  const { row, justNow } = useRow(podFeed, id);
  // A pod that is gone keeps its line until the list closes up: no hole in between.
  const last = useRef(row);
  if (row) last.current = row;
  const pod = row ?? last.current;
  if (!pod) return null;
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      data-pod={id}
      data-changed={justNow || undefined}
      className={`${css.columns} ${css.row} ${gap ? css.gap : ''}`}
      style={{ height, transform: `translateY(${offset}px)` }}
    >
      <div role="cell" className={css.namespace}>
        {pod.namespace}
      </div>
      <div role="cell" className={css.name}>
        <MachineName name={pod.name} owner={pod.owner?.name} />
      </div>
      <div role="cell" className={css.ready}>
        <Ready pod={pod} />
      </div>
      <div role="cell" className={css.status}>
        <Status tone={tones[pod.health]} {...(pod.reason ? { title: pod.reason } : {})}>
          {pod.status}
        </Status>
        {pod.incident && (
          <Link to="/incidents/$number" params={{ number: String(pod.incident.number) }} className={css.incident}>
            {t.incidents.number(pod.incident.number)}
          </Link>
        )}
        {justNow && <span className={css.justNow}>{t.cluster.justNow}</span>}
      </div>
      <div role="cell" className={`${css.restarts} ${pod.restarts ? '' : css.zero}`}>
        <Restarts pod={pod} />
      </div>
      <div role="cell" className={css.age}>
        <Time at={pod.createdAt} kind="age" />
      </div>
      <div role="cell" className={css.node}>
        {pod.node}
      </div>
    </div>
  );
});

// Strong when short of what it should be; a finished pod is meant to have none.
function Ready({ pod }: { pod: PodRow }) {
  const text = `${pod.readyContainers}/${pod.totalContainers}`;
  const short = pod.readyContainers < pod.totalContainers && pod.health !== 'DONE';
  return short ? <b>{text}</b> : text;
}

const RECENT = 60 * 60 * 1000;

function Restarts({ pod }: { pod: PodRow }) {
  const { t } = useI18n();
  const now = useNow();
  if (!pod.restarts) return 0;
  if (!pod.lastRestartAt) return pod.restarts;
  const ago = now - Date.parse(pod.lastRestartAt);
  const text = `${pod.restarts} (${t.cluster.ago(age(ago))})`;
  return ago < RECENT ? <b>{text}</b> : text;
}
