import { Link } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Time } from '~/ui/Time';
import css from './IncidentPage.module.css';
import type { Incident } from './incident';

/** Says that this is an incident people have had before, and leads to its page. */
export function Recognised({ incident: { diagnosis } }: { incident: Incident }) {
  const { t } = useI18n();
  if (!diagnosis) return null;
  return (
    <p className={css.sub}>
      {t.incidents.recognised(diagnosis.number)}{' '}
      <Link to="/known/$slug" params={{ slug: diagnosis.slug }}>
        {diagnosis.title}
      </Link>
    </p>
  );
}

/** What was rolled out last before it broke. */
export function ChangeBefore({ incident: { change } }: { incident: Incident }) {
  const { t } = useI18n();
  const i = t.incidents;
  if (!change) return null;
  const { at, revision, previousRevision, commit, images } = change;
  return (
    <section>
      <h2>{i.change}</h2>
      <p className={css.sub}>
        {at && (
          <>
            {i.changedAt} <Time at={at} kind="moment" />
            {'. '}
          </>
        )}
        {revision != null &&
          (previousRevision != null ? i.revisions(previousRevision, revision) : i.revision(revision))}
      </p>
      <ul className={css.diff}>
        {images.map(({ container, before, after }) => (
          <li key={container}>
            <b>{container}</b>
            <del>{before}</del>
            <ins>{after}</ins>
          </li>
        ))}
        {commit && (
          <li>
            <b>{i.commit}</b>
            <Mono>{commit}</Mono>
          </li>
        )}
      </ul>
    </section>
  );
}
