/** The editor of Markdown texts, loaded when the first one is needed. What it writes is plain Markdown. */
import { defaultKeymap, history, historyKeymap, redo } from '@codemirror/commands';
import { deleteMarkupBackward, markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorSelection, EditorState, Prec, RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, placeholder, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import { refuseFiles } from '../ui/files.ts';
import { COMMANDS, goOn, indentItem, outdentItem, type CommandName } from './markdown-commands.ts';

/** A text that was set, not typed. */
const isSet = Annotation.define<boolean>();

export interface Options {
  parent: HTMLElement;
  text: string;
  selection: { from: number; to: number };
  label: string;
  /** The id of what explains its keys. */
  help: string;
  placeholder: string;
  onChange: (text: string) => void;
  onSave: () => void;
}

export interface Editor {
  focus: () => void;
  blur: () => void;
  setText: (text: string) => void;
  setSelection: (at: number) => void;
  run: (command: CommandName) => void;
  destroy: () => void;
}

const styles = syntaxHighlighting(
  tagHighlighter([
    { tag: tags.heading, class: 'md-heading' },
    { tag: tags.strong, class: 'md-strong' },
    { tag: tags.emphasis, class: 'md-emphasis' },
    { tag: tags.strikethrough, class: 'md-strike' },
    { tag: tags.monospace, class: 'md-code' },
    { tag: [tags.link, tags.url], class: 'md-link' },
    { tag: tags.quote, class: 'md-quote' },
    { tag: [tags.processingInstruction, tags.contentSeparator], class: 'md-mark' },
  ]),
);

const ownDirection = Decoration.line({ attributes: { dir: 'auto' } });

function directions(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      builder.add(line.from, line.from, ownDirection);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** Each line has the direction of its own first letter. */
const lineDirections: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = directions(view);
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.decorations = directions(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
];

export function createEditor(options: Options): Editor {
  const { parent, text, selection, onChange, onSave } = options;
  const changes = new Compartment();
  const keys = Prec.high(
    keymap.of([
      { key: 'Mod-Enter', run: () => (onSave(), true) },
      { key: 'Mod-b', run: COMMANDS.bold },
      { key: 'Mod-i', run: COMMANDS.italic },
      { key: 'Mod-k', run: COMMANDS.link },
      // Outside a list, Tab leaves the editor; in a list, Escape does (WCAG 2.1.2).
      { key: 'Tab', run: indentItem, shift: outdentItem },
      { key: 'Enter', run: goOn },
      { key: 'Backspace', run: deleteMarkupBackward },
      // CodeMirror has it on macOS and Linux only.
      { key: 'Mod-Shift-z', run: redo, preventDefault: true },
    ]),
  );
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      selection: EditorSelection.single(selection.from, selection.to),
      extensions: [
        keys,
        history(),
        markdown({ base: markdownLanguage, completeHTMLTags: false, addKeymap: false }),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        styles,
        lineDirections,
        EditorView.lineWrapping,
        placeholder(options.placeholder),
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-describedby': options.help,
          spellcheck: 'true',
          autocorrect: 'on',
          autocapitalize: 'sentences',
        }),
        EditorView.domEventHandlers({ paste: (event) => refuseFiles(event.clipboardData) }),
        changes.of(
          EditorView.updateListener.of((update) => {
            // What was set isn't typed: another tab's text, taken for this one's, would be written back over what comes there next.
            if (update.docChanged && !update.transactions.some((one) => one.annotation(isSet) === true)) onChange(update.state.doc.toString());
          }),
        ),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    blur: () => view.contentDOM.blur(),
    setText(next) {
      const now = view.state.doc.toString();
      // CodeMirror has one kind of line break.
      if (next.replace(/\r\n?/g, '\n') !== now) view.dispatch({ changes: { from: 0, to: now.length, insert: next }, annotations: isSet.of(true) });
    },
    setSelection: (at) => view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true }),
    run(command) {
      COMMANDS[command](view);
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
