/** What the toolbar and the keys of the editor do to a text. */
import { EditorSelection, type ChangeSpec, type Line } from '@codemirror/state';
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
