import { useI18n } from '~/locales';
import { CodeBox } from '~/ui/copy';
import { Time } from '~/ui/Time';
import css from './IncidentPage.module.css';
import type { Incident } from './incident';
import { splitStep } from './step';

/** Steps in order. A command is set apart in a box to copy it from. */
export function Remedy({ steps }: { steps: string[] }) {
  const { t } = useI18n();
  return (
    <section className={css.remedy}>
      <h2>{t.incidents.remedy}</h2>
      {steps.length === 0 && <p>{t.incidents.noRemedy}</p>}
      <ol className={css.steps}>
        {steps.map((step) => {
          const { say, command } = splitStep(step);
          return (
            <li key={step}>
              <div>
                {say}
                {command && <CodeBox text={command} />}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
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
            <li key={`${each.at} ${each.source} ${each.text}`} className={each.at ? undefined : css.timeless}>
              {each.at && <Time at={each.at} kind="seconds" />}
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
