import { expect, it } from 'vitest';
import { en } from '~/locales/en';
import { check, newDiscord, newMail, replacement, stored, type TargetDraft, toInput } from './target';

const webhook = { __typename: 'DiscordTarget', id: 't1', hint: 'https://…', disabledReason: null } as const;

it('sends only the id of what is stored', () => {
  expect(toInput(stored(webhook))).toEqual({ keep: 't1' });
});

it('sends a new secret when the old one is replaced', () => {
  const draft = { ...replacement(webhook), webhookUrl: ' https://discord.com/api/webhooks/1/x ' } as TargetDraft;
  expect(toInput(draft)).toEqual({ discord: { webhookUrl: 'https://discord.com/api/webhooks/1/x' } });
});

it('takes addresses with commas, blanks or semicolons between them', () => {
  const draft = { ...newMail(), host: 'h', sender: 's@x', recipients: 'a@x, b@x; c@x d@x' } as TargetDraft;
  expect(toInput(draft).mail?.recipients).toEqual(['a@x', 'b@x', 'c@x', 'd@x']);
});

it('says what is missing', () => {
  expect(check(newDiscord(), en.alerts)).toEqual({ webhookUrl: en.alerts.webhookMissing });
  const wrong = { ...newDiscord(), webhookUrl: 'https://example.org' } as TargetDraft;
  expect(check(wrong, en.alerts)).toEqual({ webhookUrl: en.alerts.webhookWrong });
  expect(Object.keys(check(newMail(), en.alerts))).toEqual(['host', 'sender', 'recipients']);
});
