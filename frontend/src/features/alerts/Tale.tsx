import { useI18n } from '~/locales';
import { CodeBox } from '~/ui/copy';
import { Mono } from '~/ui/Mono';
import { Time } from '~/ui/Time';
import css from './IncidentPage.module.css';
import type { Incident } from './incident';

/** Steps in order. What stands in backquotes and has a space is a command: it gets a box to copy from. */
export function Remedy({ steps }: { steps: string[] }) {
  const { t } = useI18n();
  return (
    <section className={css.remedy}>
      <h2>{t.incidents.remedy}</h2>
      {steps.length === 0 && <p>{t.incidents.noRemedy}</p>}
      <ol className={css.steps}>
        {steps.map((step) => (
          <li key={step}>
            <div>
              <WithCode text={told(step)} />
              {commands(step).map((command) => (
                <CodeBox key={command} text={command} />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const commands = (step: string) =>
  [...step.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string).filter((code) => /\s/.test(code));

/** A command at the end stands only in its box; inside the sentence it is kept, or the sentence would be broken. */
const told = (step: string) => step.replace(/[\s:]*`[^`]*\s[^`]*`\.?\s*$/, '.').replace(/([.!?])\.$/, '$1');

export function WithCode({ text }: { text: string }) {
  return (
    text
      .split('`')
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one string do not move
      .map((piece, at) => (at % 2 ? <Mono key={at}>{piece}</Mono> : piece))
  );
}

export function Evidence({ evidence }: { evidence: Incident['evidence'] }) {
  const { t } = useI18n();
  return (
    <section>
      <h2>{t.incidents.evidence}</h2>
      <p className={css.sub}>{evidence.length ? t.incidents.evidenceSub : t.incidents.noEvidence}</p>
      {evidence.length > 0 && (
        <ul className={css.evidence}>
          {evidence.map((each) => (
            <li key={`${each.at} ${each.source} ${each.text}`}>
              {each.at ? <Time at={each.at} kind="seconds" /> : <span />}
              <div>
                <q>{each.text}</q>
                <span>{each.source}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
