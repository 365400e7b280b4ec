import { Link } from '@tanstack/react-router';
import type { IncidentRow } from '~/features/cluster/feeds/incidents';
import { duration } from '~/lib/time';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { ToneMark } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './IncidentsPage.module.css';

export const incidentTone = ({ state, severity }: Pick<IncidentRow, 'state' | 'severity'>) =>
  state === 'RECOVERED' ? 'ok' : state === 'REMOVED' ? 'done' : severity === 'CRITICAL' ? 'critical' : 'warning';

export function IncidentLine({ incident }: { incident: IncidentRow }) {
  const { t, locale } = useI18n();
  const i = t.incidents;
  const open = incident.state === 'OPEN';
  const word = open ? i.severity[incident.severity] : i.state[incident.state];
  return (
    <li>
      <ToneMark tone={incidentTone(incident)} />
      <div>
        <Link to="/incidents/$number" params={{ number: String(incident.number) }}>
          <VisuallyHidden>{word}: </VisuallyHidden>
          {incident.title}
        </Link>
        <p>
          <span>{i.classes[incident.class]}</span>
          {incident.namespace && <Mono>{incident.namespace}</Mono>}
          <Mono>
            {incident.owner.kind}/{incident.owner.name}
          </Mono>
          <Affected incident={incident} />
        </p>
      </div>
      <div className={css.when}>
        <span>{i.number(incident.number)}</span>
        {open || !incident.closedAt ? (
          <Time at={incident.openedAt} kind="duration" />
        ) : (
          <>
            <Time at={incident.closedAt} kind="moment" />
            <span>{i.lasted(duration(locale, Date.parse(incident.closedAt) - Date.parse(incident.openedAt)))}</span>
          </>
        )}
      </div>
    </li>
  );
}

type Hit = Pick<IncidentRow, 'affected' | 'total' | 'class'>;

/** The pods that are hit. What concerns a certificate, a node or an app hits itself, and is named already. */
export const hitPods = (incident: Hit) => (/^(CERTIFICATE|NODE|APP)_/.test(incident.class) ? [] : incident.affected);

export function Affected({ incident }: { incident: Hit }) {
  const { t } = useI18n();
  const count = hitPods(incident).length;
  if (!count) return null;
  return <span>{incident.total ? t.incidents.affected(count, incident.total) : t.incidents.affectedOnly(count)}</span>;
}
