import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import css from './ExplorerPage.module.css';
import { look, overwriting } from './look';

type Props = {
  label: string;
  value: string;
  extensions: Extension[];
  onChange?: (value: string, cursor: number) => void;
};

/**
 * CodeMirror. It stands in a shadow tree: there its styles are adopted sheets, which `style-src 'self'` allows; in the page they
 * would be <style> elements. Without `onChange` it is read only. `extensions` are those of the first rendering.
 */
export function Editor({ label, value, extensions, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useEffectEvent((text: string, cursor: number) => onChange?.(text, cursor));
  const start = useEffectEvent((root: ShadowRoot) => {
    const editing = onChange
      ? [
          history(),
          closeBrackets(),
          autocompletion(),
          overwriting,
          keymap.of([...closeBracketsKeymap, ...completionKeymap]),
        ]
      : [EditorState.readOnly.of(true)];
    const state = EditorState.create({
      doc: value,
      extensions: [
        ...extensions,
        ...editing,
        lineNumbers(),
        drawSelection(),
        bracketMatching(),
        EditorView.lineWrapping,
        // Tab leaves the editor, as it leaves every other field.
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
          if (docChanged || selectionSet) told(state.doc.toString(), state.selection.main.head);
        }),
        look,
      ],
    });
    return new EditorView({ state, parent: root, root });
  });
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    view.current = start(element.shadowRoot ?? element.attachShadow({ mode: 'open' }));
    return () => view.current?.destroy();
  }, []);
  useEffect(() => {
    const { current } = view;
    const text = current?.state.doc.toString();
    if (text !== undefined && text !== value)
      current?.dispatch({ changes: { from: 0, to: text.length, insert: value } });
  }, [value]);
  return <div ref={host} className={css.editor} />;
}
