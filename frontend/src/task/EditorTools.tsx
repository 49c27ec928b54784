import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import type { Editor } from './codemirror.ts';
import css from './editor.module.css';
import type { CommandName } from './markdown-commands.ts';

const TOOLS = [
  ['bold', 'bold', 'Ctrl+B'],
  ['italic', 'italic', 'Ctrl+I'],
  ['code', 'code', ''],
  ['link', 'link', 'Ctrl+K'],
  ['list', 'list', ''],
  ['checks', 'checks', ''],
  ['quote', 'quote', ''],
] as const satisfies readonly (readonly [CommandName, IconName, string])[];

const NAMES = { bold: 'bold', italic: 'italic', code: 'codeMark', link: 'link', list: 'list', checks: 'checks', quote: 'quote' } as const;

interface Props {
  editor: Editor | null;
  isPreview: boolean;
  onPreview: () => void;
}

/** One stop for Tab; the arrows go from tool to tool. */
export function EditorTools({ editor, isPreview, onPreview }: Props) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];
    const isBackwards = getComputedStyle(event.currentTarget).direction === 'rtl';
    const step = { ArrowRight: isBackwards ? -1 : 1, ArrowLeft: isBackwards ? 1 : -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons.at((at + step) % buttons.length)?.focus();
  };
  return (
    // The keys of its buttons.
     
    <div className={css.tools} role="toolbar" aria-label={t('markdown.tools')} onKeyDown={onKeyDown}>
      {TOOLS.map(([command, icon, keys], n) => (
        <button
          key={command}
          type="button"
          className={css.tool}
          disabled={editor === null}
          tabIndex={current === n ? 0 : -1}
          aria-label={t(`markdown.${NAMES[command]}`)}
          title={`${t(`markdown.${NAMES[command]}`)} ${keys}`.trim()}
          {...(keys !== '' && { 'aria-keyshortcuts': keys.replace('Ctrl', 'Control') })}
          onFocus={() => setCurrent(n)}
          // The text keeps its focus and its selection.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => editor?.run(command)}
        >
          <Icon name={icon} />
        </button>
      ))}
      <button
        type="button"
        className={css.tool}
        tabIndex={current === TOOLS.length || editor === null ? 0 : -1}
        aria-label={t('markdown.preview')}
        title={t('markdown.preview')}
        aria-pressed={isPreview}
        onFocus={() => setCurrent(TOOLS.length)}
        onPointerDown={(event) => event.preventDefault()}
        onClick={(event) => {
          // The text that has the focus is about to be hidden: keys must not go to the page.
          event.currentTarget.focus();
          onPreview();
        }}
      >
        <Icon name="eye" />
      </button>
    </div>
  );
}
