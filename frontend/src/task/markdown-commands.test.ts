import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { EditorState, type Transaction, type TransactionSpec } from '@codemirror/state';
import type { Command, EditorView } from '@codemirror/view';
import { describe, expect, it } from 'vitest';
import { goOn, indentItem, outdentItem } from './markdown-commands.ts';

/** Runs a command on a text in which `|` is the caret; null if the key stays the page's. */
function run(command: Command, text: string): string | null {
  const at = text.indexOf('|');
  const extensions = markdown({ base: markdownLanguage });
  let state = EditorState.create({ doc: text.replace('|', ''), selection: { anchor: at }, extensions });
  const view = {
    get state() {
      return state;
    },
    dispatch: (change: Transaction | TransactionSpec) => (state = 'state' in change ? change.state : state.update(change).state),
  };
  if (!command(view as unknown as EditorView)) return null;
  const { head } = state.selection.main;
  return `${state.sliceDoc(0, head)}|${state.sliceDoc(head)}`;
}

describe('Tab in a list', () => {
  it.each([
    ['puts an item below the one above', '- a\n- b|', '- a\n  - b|'],
    ['as deep as its siblings', '- a\n  - b\n- c|', '- a\n  - b\n  - c|'],
    ['takes what is below along', '- a\n- b|\n  - c\n- d', '- a\n  - b|\n    - c\n- d'],
    ['begins a numbered list with 1', '1. a\n2. b|', '1. a\n   1. b|'],
    ['goes on counting', '1. a\n   1. b\n2. c|', '1. a\n   1. b\n   2. c|'],
    ['works in an empty item', '- [ ] a\n- [ ] |', '- [ ] a\n  - [ ] |'],
    ['works in the second line of an item', '- a\n- b\n  more|', '- a\n  - b\n    more|'],
    ['changes nothing at the first item, and is taken', '- a|', '- a|'],
    ['changes nothing below the deepest level, and is taken', '- a\n  - b|', '- a\n  - b|'],
    ['sees no list above another text', '- a\n\ntext\n\n- b|', '- a\n\ntext\n\n- b|'],
  ])('%s', (_, before, after) => expect(run(indentItem, before)).toBe(after));
});

describe('Shift+Tab in a list', () => {
  it.each([
    ['brings an item back', '- a\n  - b|', '- a\n- b|'],
    ['one level at a time', '- a\n  - b\n    - c|', '- a\n  - b\n  - c|'],
    ['counts on from the item above', '1. a\n   1. b|', '1. a\n2. b|'],
    ['changes nothing at the edge, and is taken', '- a|', '- a|'],
  ])('%s', (_, before, after) => expect(run(outdentItem, before)).toBe(after));
});

it('leaves Tab to the page outside a list', () => {
  for (const text of ['text|', '|', '- a\n\ntext|', '**bold|**']) {
    expect(run(indentItem, text)).toBeNull();
    expect(run(outdentItem, text)).toBeNull();
  }
});

describe('Enter', () => {
  it.each([
    ['goes on with a list', '- a|', '- a\n- |'],
    ['leaves a list of one item', '- a\n- |', '- a\n|'],
    ['leaves a list of several', '- a\n- b\n- |', '- a\n- b\n|'],
    ['leaves a check list of one item', '- [ ] a\n- [ ] |', '- [ ] a\n|'],
    ['leaves a numbered list of one item', '1. a\n2. |', '1. a\n|'],
    ['goes up one level of one item below another', '- a\n  - b\n  - |', '- a\n  - b\n- |'],
    ['goes up one level of numbers', '1. a\n   1. b\n   2. |', '1. a\n   1. b\n2. |'],
    ['leaves a list in a quote first', '> - a\n> - |', '> - a\n> |'],
    ['goes on with a quote', '> q|', '> q\n> |'],
    ['leaves a quote of one line', '> q\n> |', '> q\n|'],
    ['leaves a quote of several', '> q\n> r\n> |', '> q\n> r\n|'],
    ['leaves a quote within a quote', '> > q\n> > |', '> > q\n> |'],
    ['keeps an empty line within a quote', '> q\n> |\n> r', '> q\n>\n> |\n> r'],
    ['leaves a quote in a list', '- > q\n  > |', '- > q\n  |'],
  ])('%s', (_, before, after) => expect(run(goOn, before)).toBe(after));

  it('is a line break elsewhere', () => {
    for (const text of ['text|', '```\n> |', '> ```\n> |', '```\n- a|\n```']) expect(run(goOn, text)).toBeNull();
  });
});
