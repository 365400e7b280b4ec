import { Link } from '@tanstack/react-router';
import type { Health } from '~/gql/graphql';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { ToneMark } from '~/ui/Status';
import { podFeed } from '../feeds/pods';
import { groupOf, tones } from '../health';
import css from './PodBar.module.css';

const ORDER: Health[] = ['CRITICAL', 'WARNING', 'UNKNOWN', 'PROGRESSING', 'OK', 'DONE'];

/** How the pods fare, as lengths; each part leads to its pods. */
export function PodBar({ cluster }: { cluster: string }) {
  const { t } = useI18n();
  const o = t.overview;
  useFeed(podFeed);
  const pods = [...podFeed.rows.values()].filter((pod) => pod.cluster === cluster);
  if (podFeed.phase !== 'ready' || !pods.length) return null;
  const parts = ORDER.map((health) => ({ health, count: pods.filter((pod) => pod.health === health).length })).filter(
    ({ count }) => count,
  );
  let from = 0;
  return (
    <div className={css.pods}>
      <svg
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="img"
        aria-label={o.podsAs(parts.map(({ health, count }) => o.podHealth[health](count)).join(', '))}
      >
        {parts.map(({ health, count }) => {
          const width = (count / pods.length) * 100;
          const x = from;
          from += width;
          return (
            <rect
              key={health}
              className={css[tones[health]]}
              x={x}
              y="0"
              width={Math.max(width - 0.2, 0.4)}
              height="4"
            />
          );
        })}
      </svg>
      <ul>
        <li>
          <Link to="/pods">{o.pods(pods.length)}</Link>
        </li>
        {parts.map(({ health, count }) => (
          <li key={health}>
            <ToneMark tone={tones[health]} />
            <Link to="/pods" search={{ show: partOf(health) }}>
              {o.podHealth[health](count)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

const partOf = (health: Health) =>
  health === 'DONE' ? undefined : groupOf(health) === 'rest' ? 'well' : groupOf(health);
