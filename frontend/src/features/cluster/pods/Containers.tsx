import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Status, type Tone } from '~/ui/Status';
import { Time } from '~/ui/Time';
import type { PodDetail } from '../feeds/pods';
import { Restarts } from '../list/cells';
import css from './Containers.module.css';

type Container = PodDetail['containers'][number];

/** What runs in a pod, with how the run before ended: that is where the reason is. */
export function Containers({ pod }: { pod: PodDetail }) {
  const { t } = useI18n();
  const d = t.containers;
  return (
    <section className={css.containers} aria-label={d.title}>
      <h2>{d.title}</h2>
      <ul>
        {pod.containers.map((container) => (
          <li key={`${container.kind} ${container.name}`}>
            <div className={css.line}>
              <b>{container.name}</b>
              {container.kind !== 'MAIN' && <span className={css.kind}>{d.kind[container.kind]}</span>}
              <Status tone={toneOf(container)}>{container.state}</Status>
              {container.restarts > 0 && (
                <span>
                  {d.restarted} <Restarts times={container.restarts} lastAt={container.lastRun?.endedAt} />
                </span>
              )}
            </div>
            <p>
              <Mono>{container.image}</Mono>
            </p>
            {container.message && <q>{container.message}</q>}
            {container.lastRun && <LastRun run={container.lastRun} said={container.message} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Its state in kubectl's word says how it is; ready or not decides about the running ones. */
function toneOf({ state, ready, kind }: Container): Tone {
  if (state === 'Completed') return 'done';
  if (state === 'Running') return ready || kind === 'INIT' ? 'ok' : 'warning';
  return /^(Waiting|PodInitializing|ContainerCreating)$/.test(state) ? 'progress' : 'critical';
}

/** `said` stands above already. */
function LastRun({ run, said }: { run: NonNullable<Container['lastRun']>; said: Container['message'] }) {
  const { t } = useI18n();
  const d = t.containers;
  return (
    <p className={css.last}>
      {d.lastRun(run.reason)} {run.signal ? d.signal(run.signal) : d.code(run.exitCode)}
      {run.endedAt && (
        <>
          {', '}
          <Time at={run.endedAt} kind="moment" />
        </>
      )}
      {run.message && run.message !== said && <q>{run.message}</q>}
    </p>
  );
}
