import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import css from '~/features/account/Section.module.css';
import { Sessions } from '~/features/account/Sessions';
import { Tokens } from '~/features/account/Tokens';
import { useViewer } from '~/features/auth/session';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { Crumbs } from '~/ui/PageHead';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { PersonAccess, PersonGroups } from './PersonAccess';
import { PersonHead } from './PersonHead';
import { PersonSecond } from './PersonSecond';
import { personQuery } from './person';

export function PersonPage({ id }: { id: string }) {
  const { t } = useI18n();
  const p = t.person;
  const own = id === useViewer().id;
  const { data, error, isError, refetch } = useQuery(personQuery(id));
  const person = data?.person;
  return (
    <>
      <Crumbs label={p.where}>
        <Link to="/people">{t.admin.title}</Link>
      </Crumbs>
      {!data && (isError ? <Failed what={p.failed} error={error} onRetry={refetch} /> : <Skeleton rows={6} tall />)}
      {data && !person && (
        <Say title={p.gone} act={<LinkButton to="/people">{p.toPeople}</LinkButton>}>
          {p.goneWhy}
        </Say>
      )}
      {person && (
        <>
          {isError && <Banner tone="stale">{t.states.oldData}</Banner>}
          <PersonHead person={person} own={own} />
          <div className={css.sections}>
            <PersonGroups person={person} />
            <PersonAccess person={person} pages={data.pages} />
            <PersonSecond person={person} own={own} />
            <Sessions user={person.id} sessions={person.sessions ?? []} own={own} />
            <Tokens tokens={person.apiTokens ?? []} empty={<p className={css.faint}>{t.account.tokens.noneOf}</p>} />
          </div>
        </>
      )}
    </>
  );
}
