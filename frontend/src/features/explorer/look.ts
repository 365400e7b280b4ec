import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// The tokens follow the theme, so that one set of rules serves light and dark.
const frame = EditorView.theme({
  '&': { height: '100%', color: 'var(--ph-text)', fontSize: 'var(--ph-text-sm)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { overflow: 'auto', fontFamily: 'var(--ph-font-mono)' },
  '.cm-gutters': { background: 'transparent', color: 'var(--ph-text-faint)', border: 'none' },
  '.cm-content': { caretColor: 'var(--ph-accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ph-accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--ph-selected)',
  },
  // Its own is a picture in a data: URI, which the policy refuses.
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--ph-critical)',
  },
  '.cm-tooltip': {
    background: 'var(--ph-raised)',
    color: 'var(--ph-text)',
    border: '1px solid var(--ph-line-strong)',
    boxShadow: 'var(--ph-shadow-2)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--ph-accent)',
    color: 'var(--ph-on-accent)',
  },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.definitionKeyword], color: 'var(--ph-progress)' },
    { tag: [tags.string, tags.special(tags.string)], color: 'var(--ph-ok)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--ph-warning)' },
    { tag: [tags.propertyName, tags.attributeName], color: 'var(--ph-accent)' },
    { tag: [tags.typeName, tags.atom], color: 'var(--ph-info)' },
    { tag: tags.variableName, color: 'var(--ph-critical)' },
    { tag: tags.comment, color: 'var(--ph-text-faint)' },
  ]),
);

export const look = [frame, colours];

/**
 * What is typed over a selection. Chromium would keep the look of what it replaces in a style attribute, which the policy refuses;
 * CodeMirror would then put that right. Here the browser has nothing to do.
 */
export const overwriting = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data: text, inputType, isComposing } = event;
    const { main } = view.state.selection;
    if (main.empty || isComposing || text === null || inputType !== 'insertText') return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    return true;
  },
});
