import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { type UserLine, useIssuePassword, useUnlock } from './people';
import { TemporaryPassword } from './TemporaryPassword';

/** The act that answers a status stands beside it: unlock, or a new password. */
export function StatusAct({ user, own }: { user: UserLine; own: boolean }) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const unlock = useUnlock();
  const issue = useIssuePassword();
  const fail = { onError: (error: Error) => toast.bad(reason(error)) };
  const password = issue.data?.temporaryPassword;
  const asks = user.status === 'INITIAL_PASSWORD' || user.status === 'CHANGE_REQUESTED';
  return (
    <>
      {user.status === 'LOCKED' && (
        <Button
          small
          busy={unlock.isPending}
          aria-label={a.unlockPerson(user.displayName)}
          onClick={() => unlock.mutate(user.id, { ...fail, onSuccess: () => toast.well(a.unlocked(user.displayName)) })}
        >
          {a.unlock}
        </Button>
      )}
      {/* A new password for oneself would end the session before it is read: one changes it instead. */}
      {asks && own && (
        <LinkButton small to="/change-password">
          {t.app.changePassword}
        </LinkButton>
      )}
      {asks && !own && (
        <Button
          small
          busy={issue.isPending}
          aria-label={a.issueTo(user.displayName)}
          onClick={() => issue.mutate(user.id, fail)}
        >
          {a.issue}
        </Button>
      )}
      {password && (
        <TemporaryPassword title={a.issuedTitle(user.displayName)} password={password} onClose={issue.reset} />
      )}
    </>
  );
}
