import type { ChannelTargetInput, MailSecurity } from '~/gql/graphql';
import type { Messages } from '~/locales/en';
import type { StoredTarget } from './channel';

/** A place to send to, as the form has it. Secrets are never sent back to us: what is stored stays, or is replaced. */
export type TargetDraft = { key: string; replaces?: StoredTarget } & (
  | { kind: 'stored'; target: StoredTarget }
  | { kind: 'discord'; webhookUrl: string }
  | ({ kind: 'mail' } & MailDraft)
);
export type MailDraft = {
  host: string;
  port: string;
  security: MailSecurity;
  username: string;
  password: string;
  sender: string;
  recipients: string;
};
export type TargetFaults = Partial<Record<'webhookUrl' | keyof MailDraft, string>>;

const fresh = () => crypto.randomUUID();
const emptyMail: MailDraft = {
  host: '',
  port: '587',
  security: 'STARTTLS',
  username: '',
  password: '',
  sender: '',
  recipients: '',
};
export const gmail = { host: 'smtp.gmail.com', port: '587', security: 'STARTTLS' } as const;

export const stored = (target: StoredTarget): TargetDraft => ({ key: target.id, kind: 'stored', target });
export const newDiscord = (): TargetDraft => ({ key: fresh(), kind: 'discord', webhookUrl: '' });
export const newMail = (): TargetDraft => ({ key: fresh(), kind: 'mail', ...emptyMail });

export function replacement(target: StoredTarget): TargetDraft {
  if (target.__typename === 'DiscordTarget') return { ...newDiscord(), replaces: target } as TargetDraft;
  const { host, port, security, username, sender, recipients } = target;
  return {
    key: fresh(),
    kind: 'mail',
    replaces: target,
    host,
    port: String(port),
    security,
    username: username ?? '',
    password: '',
    sender,
    recipients: recipients.join(', '),
  };
}

const addresses = (text: string) => text.split(/[,;\s]+/).filter(Boolean);

export function toInput(draft: TargetDraft): ChannelTargetInput {
  if (draft.kind === 'stored') return { keep: draft.target.id };
  if (draft.kind === 'discord') return { discord: { webhookUrl: draft.webhookUrl.trim() } };
  const { host, port, security, username, password, sender, recipients } = draft;
  return {
    mail: {
      host: host.trim(),
      port: Number(port),
      security,
      username: username.trim() || null,
      password: password || null,
      sender: sender.trim(),
      recipients: addresses(recipients),
    },
  };
}

/** What is plainly missing. Whether it works is what Test is for. */
export function check(draft: TargetDraft, t: Messages['alerts']): TargetFaults {
  if (draft.kind === 'stored') return {};
  const faults: TargetFaults = {};
  if (draft.kind === 'discord') {
    const url = draft.webhookUrl.trim();
    if (!url) faults.webhookUrl = t.webhookMissing;
    else if (!/^https?:\/\/.+\/api\/webhooks\/.+/.test(url)) faults.webhookUrl = t.webhookWrong;
    return faults;
  }
  if (!draft.host.trim()) faults.host = t.hostMissing;
  if (!draft.sender.trim()) faults.sender = t.senderMissing;
  if (!addresses(draft.recipients).length) faults.recipients = t.recipientsMissing;
  return faults;
}
