import { Section } from '~/features/account/Section';
import own from '~/features/account/Section.module.css';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import css from './PersonPage.module.css';
import type { PageName, Person } from './person';
import { allowed, type Source } from './sources';

export function PersonGroups({ person }: { person: Person }) {
  const { t } = useI18n();
  const groups = person.groups ?? [];
  return (
    <Section title={t.person.groups}>
      {groups.length ? (
        <p>{groups.map(({ name }) => name).join(' · ')}</p>
      ) : (
        <p className={own.faint}>{t.person.noGroups}</p>
      )}
    </Section>
  );
}

/** To read; the boxes are ticked in the grid. */
export function PersonAccess({ person, pages }: { person: Person; pages: readonly PageName[] }) {
  const { t } = useI18n();
  const p = t.person;
  const rows = allowed(person, pages);
  const say = (source: Source) => (typeof source === 'string' ? p.from[source] : p.from.group(source.group));
  return (
    <Section
      title={p.access}
      acts={
        <LinkButton to="/people" search={{ q: person.username }}>
          {p.toGrid}
        </LinkButton>
      }
    >
      {rows.length === 0 && <p className={own.faint}>{p.noAccess}</p>}
      <ul className={css.access}>
        {rows.map(({ key, what, from }) => (
          <li key={key}>
            <span>{'right' in what ? p.rights[what.right] : what.page}</span>
            <small>{from.map(say).join(' · ')}</small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
