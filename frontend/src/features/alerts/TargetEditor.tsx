import type { MailSecurity } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { SelectField, TextField } from '~/ui/Field';
import { Icon } from '~/ui/Icon';
import { Mono } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import css from './ChannelPanel.module.css';
import type { StoredTarget } from './channel';
import { gmail, type MailDraft, replacement, stored, type TargetDraft, type TargetFaults } from './target';

type Props = { target: TargetDraft; faults: TargetFaults; onChange(next: TargetDraft | undefined): void };

export function TargetEditor({ target, faults, onChange }: Props) {
  const { t } = useI18n();
  const a = t.alerts;
  const mail = target.kind === 'mail' || (target.kind === 'stored' && target.target.__typename === 'MailTarget');
  const { replaces } = target;
  return (
    <div className={css.target}>
      <div className={css.targetHead}>
        <Icon name={mail ? 'mail' : 'chat'} />
        <b>{mail ? a.mail : a.discord}</b>
        <span className={css.grow} />
        {target.kind === 'stored' && (
          <Button small bare onClick={() => onChange(replacement(target.target))}>
            {a.replace}
          </Button>
        )}
        {replaces && (
          <Button small bare onClick={() => onChange(stored(replaces))}>
            {a.keepOld}
          </Button>
        )}
        {target.kind === 'mail' && (
          <Button small onClick={() => onChange({ ...target, ...gmail })}>
            {a.gmail}
          </Button>
        )}
        <Button small bare onClick={() => onChange(undefined)}>
          {a.remove}
        </Button>
      </div>
      {target.kind === 'stored' && <Stored target={target.target} />}
      {target.kind === 'discord' && (
        <TextField
          label={a.webhook}
          hint={a.webhookHint}
          mono
          value={target.webhookUrl}
          error={faults.webhookUrl}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ ...target, webhookUrl: event.currentTarget.value })}
        />
      )}
      {target.kind === 'mail' && (
        <MailFields mail={target} faults={faults} onChange={(part) => onChange({ ...target, ...part })} />
      )}
    </div>
  );
}

function Stored({ target }: { target: StoredTarget }) {
  const { t } = useI18n();
  return (
    <div className={css.stored}>
      {target.__typename === 'DiscordTarget' ? (
        <Mono>{target.hint}</Mono>
      ) : (
        <>
          <span>{target.recipients.join(', ')}</span>
          <Mono>
            {target.sender} · {target.host}:{target.port} {t.alerts.securities[target.security]}
          </Mono>
        </>
      )}
      {target.disabledReason && (
        <>
          <Status tone="critical">{t.alerts.refusedForGood}</Status>
          <pre>{target.disabledReason}</pre>
        </>
      )}
    </div>
  );
}

type MailProps = { mail: MailDraft; faults: TargetFaults; onChange(part: Partial<MailDraft>): void };

function MailFields({ mail, faults, onChange }: MailProps) {
  const { t } = useI18n();
  const a = t.alerts;
  const field = (name: keyof MailDraft) => ({
    value: mail[name],
    error: faults[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <div className={css.server}>
        <TextField label={a.host} {...field('host')} spellCheck={false} />
        <TextField label={a.port} inputMode="numeric" {...field('port')} />
        <SelectField
          label={a.security}
          value={mail.security}
          onChange={(event) => onChange({ security: event.currentTarget.value as MailSecurity })}
        >
          {(['STARTTLS', 'TLS', 'NONE'] as const).map((security) => (
            <option key={security} value={security}>
              {a.securities[security]}
            </option>
          ))}
        </SelectField>
      </div>
      <div className={css.pair}>
        <TextField label={a.username} autoComplete="off" {...field('username')} />
        <TextField
          label={a.password}
          hint={mail.host === gmail.host ? a.gmailHint : a.passwordHint}
          type="password"
          autoComplete="new-password"
          {...field('password')}
        />
      </div>
      <TextField label={a.sender} type="email" {...field('sender')} />
      <TextField label={a.recipients} hint={a.recipientsHint} {...field('recipients')} />
    </>
  );
}
