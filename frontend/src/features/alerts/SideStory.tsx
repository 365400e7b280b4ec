import { Link } from '@tanstack/react-router';
import { useRight } from '~/features/auth/session';
import { ObjectLink, PodLink } from '~/features/cluster/links';
import type { TransitionKind } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { type Tone, ToneMark } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { hitPods } from './IncidentLine';
import css from './IncidentPage.module.css';
import type { Incident } from './incident';

/** How it went, ending in what must happen for it to close. */
export function Course({ incident }: { incident: Incident }) {
  const { t } = useI18n();
  const tone = (kind: TransitionKind): Tone =>
    kind === 'RECOVERED'
      ? 'ok'
      : kind === 'REMOVED'
        ? 'done'
        : kind === 'CHANGED'
          ? 'info'
          : incident.severity === 'CRITICAL'
            ? 'critical'
            : 'warning';
  const open = incident.state === 'OPEN';
  const last = incident.transitions.length - 1;
  return (
    <section>
      <h2>{t.incidents.course}</h2>
      <ol className={css.course}>
        {incident.transitions.map((transition, at) => (
          <li key={transition.sequence} className={open && at === last ? css.next : undefined}>
            <ToneMark tone={tone(transition.kind)} />
            <Time at={transition.at} kind="moment" />
            <b>{t.incidents.transition[transition.kind]}</b>
            {transition.summary}
          </li>
        ))}
        {open && (
          <li>
            <ToneMark tone="stale" />
            <span className={css.plain}>{incident.closesWhen}</span>
          </li>
        )}
      </ol>
    </section>
  );
}

export function Where({ incident }: { incident: Incident }) {
  const { t } = useI18n();
  const i = t.incidents;
  const { namespace, container } = incident;
  const affected = hitPods(incident);
  return (
    <section>
      <h2>{i.place}</h2>
      <dl className={css.facts}>
        <dt>{i.classLabel}</dt>
        <dd>{i.classes[incident.class]}</dd>
        <dt>{i.workload}</dt>
        <dd>
          <Owner incident={incident} />
        </dd>
        {namespace && (
          <>
            <dt>{i.namespace}</dt>
            <dd>
              <Link to="/pods" search={{ ns: namespace }}>
                <Mono>{namespace}</Mono>
              </Link>
            </dd>
          </>
        )}
        {container && (
          <>
            <dt>{i.container}</dt>
            <dd>
              <Mono>{container}</Mono>
            </dd>
          </>
        )}
        {affected.length > 0 && (
          <>
            <dt>{i.pods}</dt>
            <dd>
              <ul>
                {affected.slice(0, 8).map((name) => (
                  <li key={name}>
                    <Hit incident={incident} name={name} />
                  </li>
                ))}
                {affected.length > 8 && <li>{t.home.podsMore(affected.length - 8)}</li>}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** A link for those who may follow it: an incident is seen by others, too. */
function Owner({ incident: { cluster, namespace, owner } }: { incident: Incident }) {
  if (useRight('CLUSTER_VIEW')) return <ObjectLink cluster={cluster} namespace={namespace} object={owner} />;
  return (
    <Mono>
      {owner.kind}/{owner.name}
    </Mono>
  );
}

function Hit({ incident: { cluster, namespace }, name }: { incident: Incident; name: string }) {
  const text = <Mono>{name}</Mono>;
  const seesCluster = useRight('CLUSTER_VIEW');
  return seesCluster && namespace ? <PodLink pod={{ cluster, namespace, name }}>{text}</PodLink> : text;
}
