import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { PasswordForm } from '~/features/auth/PasswordForm';
import { useViewer } from '~/features/auth/session';
import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { accountQuery } from './account';
import { NewToken } from './NewToken';
import { Passkeys } from './Passkeys';
import { Section } from './Section';
import css from './Section.module.css';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';
import { TwoFactor } from './TwoFactor';

export function AccountPage() {
  const { t } = useI18n();
  const a = t.account;
  const viewer = useViewer();
  const client = useQueryClient();
  const [making, make] = useDisclosure();
  const { data, error, isError, refetch } = useQuery(accountQuery);
  const user = data?.viewer?.user;
  const create = (
    <Button icon="plus" onClick={make.open}>
      {a.tokens.create}
    </Button>
  );
  return (
    <>
      <PageHead title={a.title}>
        {viewer.displayName} · {viewer.username} · {t.admin.role[viewer.role]}
      </PageHead>
      {user && isError && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={css.sections}>
        <Section title={a.password} lead={a.passwordLead}>
          <PasswordForm
            className={css.form}
            // Which other sessions ended is told by the list below.
            onDone={() => client.invalidateQueries({ queryKey: accountQuery.queryKey })}
          />
        </Section>
        {!user && (isError ? <Failed what={a.failed} error={error} onRetry={refetch} /> : <Skeleton rows={4} tall />)}
        {user && (
          <>
            <TwoFactor
              user={user.id}
              enabledAt={user.twoFactor?.enabledAt}
              left={user.twoFactor?.recoveryCodesLeft ?? 0}
            />
            <Passkeys passkeys={user.passkeys ?? []} />
            <Sessions user={user.id} sessions={user.sessions ?? []} own lead={a.sessions.lead} />
            <Tokens
              tokens={user.apiTokens ?? []}
              lead={a.tokens.lead}
              acts={
                <>
                  <LinkButton to="/graphiql">{t.explorer.title}</LinkButton>
                  {!!user.apiTokens?.length && create}
                </>
              }
              empty={
                <Say title={a.tokens.none} act={create}>
                  {a.tokens.noneWhy}
                </Say>
              }
            />
          </>
        )}
      </div>
      {making && <NewToken onClose={make.close} />}
    </>
  );
}
