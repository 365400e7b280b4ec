import { Section } from '~/features/account/Section';
import own from '~/features/account/Section.module.css';
import { type Column, rights } from '~/features/admin/access';
import { Boxes } from '~/features/admin/Boxes';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
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

/** All boxes of one person: on a phone, where the grid has no room, this is the place to tick them. */
export function PersonAccess({ person, pages }: { person: Person; pages: readonly PageName[] }) {
  const { t } = useI18n();
  const { person: p, admin: a } = t;
  const sources = new Map(allowed(person, pages).map(({ key, from }) => [key, from]));
  const say = (source: Source) => (typeof source === 'string' ? p.from[source] : p.from.group(source.group));
  const columns: Column[] = [
    ...rights.map((id) => ({ kind: 'right' as const, id })),
    ...pages.map(({ id, name }) => ({ kind: 'page' as const, id, name, icon: null })),
  ];
  const state = (column: Column) => {
    const from = sources.get(column.id);
    if (!from) return 'none';
    return from.includes('own') && !from.includes('role') ? 'own' : 'given';
  };
  const others = (column: Column) =>
    (sources.get(column.id) ?? [])
      .filter((source) => source !== 'own')
      .map(say)
      .join(' · ');
  const said = (column: Column, may: boolean) => {
    const name = person.displayName;
    const why = others(column);
    if (!may && why) return a.keeps(name, column.kind === 'page' ? column.name : a.right[column.id], why);
    if (column.kind === 'right') return (may ? a.rightOn : a.rightOff)(name, a.right[column.id]);
    return (may ? a.mayOpen : a.mayNotOpen)(name, column.name);
  };
  return (
    <Section
      title={p.access}
      acts={
        <LinkButton to="/people" search={{ q: person.username }}>
          {p.toGrid}
        </LinkButton>
      }
    >
      <Boxes
        holder={{ user: person.id }}
        whose={person.displayName}
        columns={columns}
        state={state}
        from={others}
        said={said}
      />
    </Section>
  );
}
