import { exact, type Locale } from '~/lib/time';
import type { Messages } from '~/locales/en';
import type { Incident } from './incident';

/** The story as text to be pasted into a chat or a ticket. */
export function storyAsText(incident: Incident, t: Messages, locale: Locale) {
  const i = t.incidents;
  const place = [incident.namespace, `${incident.owner.kind}/${incident.owner.name}`].filter(Boolean).join(' · ');
  return [
    `${i.number(incident.number)} ${incident.title}`,
    `${place}, ${i.sinceBefore}${exact(locale, Date.parse(incident.openedAt))}${i.sinceAfter}`,
    `${i.cause}: ${incident.cause}`,
    incident.remedy.length && [`${i.remedy}:`, ...incident.remedy.map((step, at) => `${at + 1}. ${step}`)].join('\n'),
    incident.evidence.length && [`${i.evidence}:`, ...incident.evidence.map((each) => `- ${each.text}`)].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}
