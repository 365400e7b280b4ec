import { json } from '@codemirror/lang-json';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { graphql } from 'cm6-graphql';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useViewer } from '~/features/auth/session';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { ask } from './ask';
import { Docs } from './Docs';
import { Editor } from './Editor';
import css from './ExplorerPage.module.css';

/** Events of a stream that are kept. */
const KEPT = 50;

// What stands in the editors. Kept for one person while the tab lives, and nowhere else: variables may hold secrets.
const empty = { of: '', text: '', cursor: 0, variables: '' };
let draft = empty;
const EXAMPLE = 'query Me {\n  viewer {\n    user {\n      username\n    }\n  }\n}\n';

export function Explorer({ schema }: { schema: GraphQLSchema }) {
  const { t } = useI18n();
  const k = t.explorer;
  const { id } = useViewer();
  if (draft.of !== id) draft = { ...empty, of: id, text: `# ${k.hint}\n${EXAMPLE}` };
  const [answers, setAnswers] = useState<unknown[]>([]);
  const [fault, setFault] = useState('');
  const [running, setRunning] = useState(false);
  const [type, setType] = useState<string>();
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);

  const end = () => {
    stop.current();
    setRunning(false);
  };
  const run = () => {
    stop.current();
    setFault('');
    setAnswers([]);
    let given: Record<string, unknown>;
    try {
      given = draft.variables.trim() ? JSON.parse(draft.variables) : {};
    } catch {
      return setFault(k.badVariables);
    }
    try {
      setRunning(true);
      stop.current = ask(draft.text, given, draft.cursor, {
        answer: (body) => setAnswers((before) => [...before, body].slice(-KEPT)),
        over: () => setRunning(false),
      });
    } catch (error) {
      setRunning(false);
      setFault(k.badDocument(error instanceof GraphQLError ? error.message : String(error)));
    }
  };
  const ran = useEffectEvent(run);
  const keys = useMemo(
    () => [
      Prec.highest(
        keymap.of([
          {
            key: 'Mod-Enter',
            run: () => {
              ran();
              return true;
            },
          },
        ]),
      ),
    ],
    [],
  );
  const language = useMemo(
    () => [...keys, ...graphql(schema, { onShowInDocs: (_field, named, parent) => setType(parent ?? named) })],
    [schema, keys],
  );
  const values = useMemo(() => [...keys, json()], [keys]);
  const plain = useMemo(() => [json()], []);
  const shown = answers.map((body) => JSON.stringify(body, null, 2)).join('\n\n');

  return (
    <div className={css.panes}>
      <div className={css.ask}>
        <div className={css.bar}>
          <Button main onClick={run}>
            {k.run}
          </Button>
          {running && <Button onClick={end}>{k.stop}</Button>}
          <kbd>Ctrl Enter</kbd>
        </div>
        <section className={css.pane} aria-label={k.document}>
          <Editor
            label={k.document}
            value={draft.text}
            extensions={language}
            onChange={(text, cursor) => {
              Object.assign(draft, { text, cursor });
            }}
          />
        </section>
        <h2>{k.variables}</h2>
        <section className={`${css.pane} ${css.short}`} aria-label={k.variables}>
          <Editor
            label={k.variables}
            value={draft.variables}
            extensions={values}
            onChange={(variables) => {
              draft.variables = variables;
            }}
          />
        </section>
      </div>
      <section className={css.answer} aria-label={k.answer} aria-busy={running}>
        <h2>{k.answer}</h2>
        {fault && (
          <p role="alert" className={css.fault}>
            {fault}
          </p>
        )}
        <div className={css.pane}>
          <Editor label={k.answer} value={shown} extensions={plain} />
        </div>
      </section>
      <aside className={css.docs} aria-label={k.docs}>
        <h2>{k.docs}</h2>
        <Docs schema={schema} at={type} onPick={setType} />
      </aside>
    </div>
  );
}
