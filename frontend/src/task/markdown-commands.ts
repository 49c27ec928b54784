/** What the toolbar and the keys of the editor do to a text. */
import { insertNewlineContinueMarkupCommand } from '@codemirror/lang-markdown';
import { syntaxTree } from '@codemirror/language';
import { EditorSelection, type ChangeSpec, type EditorState, type Line, type Text } from '@codemirror/state';
import type { Command, EditorView } from '@codemirror/view';

/** Puts marks around the selection, or takes them away. */
function around(mark: string): Command {
  return (view) => {
    const { state } = view;
    const change = state.changeByRange((range) => {
      const { from, to } = range;
      const inside = state.sliceDoc(from, to);
      const [before, after] = [state.sliceDoc(from - mark.length, from), state.sliceDoc(to, to + mark.length)];
      const isMarked = before === mark && after === mark && state.sliceDoc(from - mark.length - 1, from - mark.length) !== mark[0];
      if (isMarked) {
        return {
          changes: [
            { from: from - mark.length, to: from },
            { from: to, to: to + mark.length },
          ],
          range: EditorSelection.range(from - mark.length, to - mark.length),
        };
      }
      // Marks beside a space mean nothing.
      const start = from + (inside.length - inside.trimStart().length);
      const end = Math.max(start, to - (inside.length - inside.trimEnd().length));
      return {
        changes: [
          { from: start, insert: mark },
          { from: end, insert: mark },
        ],
        range: EditorSelection.range(start + mark.length, end + mark.length),
      };
    });
    view.dispatch(state.update(change, { userEvent: 'input', scrollIntoView: true }));
    return true;
  };
}

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

const link: Command = (view) => {
  const { state } = view;
  const change = state.changeByRange(({ from, to }) => {
    const text = state.sliceDoc(from, to);
    const isAddress = ADDRESS.test(text);
    const [words, address] = isAddress ? ['', text] : [text, 'https://'];
    const insert = `[${words}](${address})`;
    const at = isAddress || words === '' ? from + 1 : from + words.length + 3;
    return {
      changes: { from, to, insert },
      range: EditorSelection.range(at, isAddress || words === '' ? at : at + address.length),
    };
  });
  view.dispatch(state.update(change, { userEvent: 'input', scrollIntoView: true }));
  return true;
};

function chosenLines(view: EditorView): Line[] {
  const { doc, selection } = view.state;
  const first = doc.lineAt(selection.main.from).number;
  const last = doc.lineAt(selection.main.to).number;
  return Array.from({ length: last - first + 1 }, (_, n) => doc.line(first + n));
}

const MARKER = /^(\s*)(?:[-*+] \[[ xX]\] |[-*+] |\d+[.)] )/;

/** Puts `prefix` before each chosen line, or takes it away when all have it. */
function before(prefix: string, replaced: RegExp | null): Command {
  return (view) => {
    const lines = chosenLines(view);
    const isOn = lines.every(({ text }) => text.trimStart().startsWith(prefix));
    const changes = lines.map<ChangeSpec>(({ from, text }) => {
      const indent = from + (text.length - text.trimStart().length);
      if (isOn) return { from: indent, to: indent + prefix.length };
      const old = replaced?.exec(text);
      return { from: indent, to: old ? from + old[0].length : indent, insert: prefix };
    });
    const set = view.state.changes(changes);
    view.dispatch({ changes: set, selection: view.state.selection.map(set, 1), userEvent: 'input', scrollIntoView: true });
    return true;
  };
}

/** Indentation, and the bullet or the number of an item. */
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})([.)]))(?:\s|$)/;

interface Item {
  line: Line;
  indent: number;
  /** Where its text begins, and with it the items below it. */
  inner: number;
  /** Of an item of a numbered list. */
  number?: number;
}

function itemAt(line: Line): Item | undefined {
  const found = ITEM.exec(line.text);
  if (found === null) return undefined;
  const [, space = '', digits] = found;
  const marker = digits === undefined ? 1 : digits.length + 1;
  return { line, indent: space.length, inner: space.length + marker + 1, ...(digits !== undefined && { number: Number(digits) }) };
}

/** The item that a line belongs to, as its first line or as one that goes on its text. */
function itemOf(doc: Text, line: Line): Item | undefined {
  for (let n = line.number; n > 0; n--) {
    const one = doc.line(n);
    const item = itemAt(one);
    if (item !== undefined || one.text.trim() === '') return item;
  }
  return undefined;
}

/** The next item above for which this is true; an empty line within a list doesn't end it. */
function above(doc: Text, { line }: Item, isIt: (item: Item) => boolean): Item | undefined {
  for (let n = line.number - 1; n > 0; n--) {
    const item = itemAt(doc.line(n));
    if (item !== undefined && isIt(item)) return item;
    if (item === undefined && /^\S/.test(doc.line(n).text) && itemOf(doc, doc.line(n)) === undefined) return undefined;
  }
  return undefined;
}

function indentOf({ text }: Line): number {
  return text.length - text.trimStart().length;
}

/** The item and what is below it, at least to the end of the selection. */
function block(doc: Text, item: Item, last: number): Line[] {
  const lines = [item.line];
  for (let n = item.line.number + 1; n <= doc.lines; n++) {
    const line = doc.line(n);
    if (n > last && (line.text.trim() === '' || indentOf(line) <= item.indent)) break;
    lines.push(line);
  }
  return lines.filter(({ text }) => text.trim() !== '');
}

/**
 * Tab and Shift+Tab in a list. In a list they are always taken, also where an item can't be moved: the key must not mean
 * something else for the last item than for the one before.
 */
function nest(isDeeper: boolean): Command {
  return (view) => {
    const { doc, selection } = view.state;
    const item = itemOf(doc, doc.lineAt(selection.main.from));
    if (item === undefined) return false;
    const anchor = isDeeper
      ? above(doc, item, ({ indent }) => indent <= item.indent)
      : above(doc, item, ({ indent }) => indent < item.indent);
    const target = isDeeper ? (anchor?.inner ?? item.indent) : (anchor?.indent ?? 0);
    const by = target - item.indent;
    if (by === 0) return true;
    const changes = block(doc, item, doc.lineAt(selection.main.to).number).map<ChangeSpec>((line) =>
      by > 0 ? { from: line.from, insert: ' '.repeat(by) } : { from: line.from, to: line.from + Math.min(-by, indentOf(line)) },
    );
    if (item.number !== undefined) changes.push(renumbered(doc, item, isDeeper, target, anchor));
    const set = view.state.changes(changes);
    view.dispatch({ changes: set, selection: selection.map(set, 1), userEvent: 'input', scrollIntoView: true });
    return true;
  };
}

/** A list that begins with another number than 1 below a text is part of that text. */
function renumbered(doc: Text, item: Item, isDeeper: boolean, target: number, anchor: Item | undefined): ChangeSpec {
  const sibling = isDeeper ? above(doc, item, ({ indent }) => indent <= target) : anchor;
  const isNext = sibling?.indent === target && sibling.number !== undefined;
  const number = isNext ? (sibling.number ?? 0) + 1 : 1;
  const from = item.line.from + item.indent;
  return { from, to: from + String(item.number).length, insert: String(number) };
}

/** Whether this place is in a quote, and not in its code. */
function isQuoted(state: EditorState, at: number): boolean {
  let node: ReturnType<ReturnType<typeof syntaxTree>['resolveInner']> | null = syntaxTree(state).resolveInner(at, -1);
  for (; node !== null; node = node.parent) {
    if (/Code/.test(node.name)) return false;
    if (node.name === 'Blockquote') return true;
  }
  return false;
}

/** In an empty last line of a quote, takes the innermost mark away. CodeMirror's own command wants two such lines. */
const leaveQuote: Command = (view) => {
  const { state } = view;
  const { doc, selection } = state;
  const { head, empty } = selection.main;
  const line = doc.lineAt(head);
  const mark = /^([\s>]*)>\s*$/.exec(line.text);
  const isLast = line.number === doc.lines || !/^\s*>/.test(doc.line(line.number + 1).text);
  if (!empty || head !== line.to || line.number === 1 || mark === null || !isLast || !isQuoted(state, head)) return false;
  const from = line.from + (mark[1] ?? '').length;
  view.dispatch({ changes: { from, to: head }, userEvent: 'delete', scrollIntoView: true });
  return true;
};

const continueMarkup = insertNewlineContinueMarkupCommand({ nonTightLists: false });

/** Enter: a list or a quote goes on, and its empty last line leaves it. */
export const goOn: Command = (view) => leaveQuote(view) || continueMarkup(view);

/** What keys alone do. */
export const indentItem = nest(true);
export const outdentItem = nest(false);

export const COMMANDS = {
  bold: around('**'),
  italic: around('_'),
  code: around('`'),
  link,
  list: before('- ', MARKER),
  checks: before('- [ ] ', MARKER),
  quote: before('> ', null),
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;
