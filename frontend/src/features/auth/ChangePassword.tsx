import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { Gate } from './Gate';
import { PasswordForm } from './PasswordForm';
import { sessionQuery } from './session';

/** Forced after a temporary password (then there is no way around it), or chosen. */
export function ChangePassword({ onDone }: { onDone(): void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  // Refused with PASSWORD_CHANGE_REQUIRED or told so: either way it is forced.
  const session = useQuery({ ...sessionQuery, retry: false });
  const forced = session.isError || session.data?.viewer?.mustChangePassword;
  return (
    <Gate
      title={forced ? t.auth.changeTitle : t.auth.changeOwn}
      lead={forced ? t.auth.changeLead : t.auth.changeOwnLead}
    >
      <PasswordForm
        autoFocus
        main
        onDone={() => {
          client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'server' });
          onDone();
        }}
      >
        {!forced && (
          <LinkButton to="/" bare>
            {t.app.cancel}
          </LinkButton>
        )}
      </PasswordForm>
    </Gate>
  );
}
