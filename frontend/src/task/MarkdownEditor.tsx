import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { refuseFiles } from '../ui/files.ts';
import { later, loadPatiently } from '../ui/later.ts';
import { useTranslation } from '../i18n/index.ts';
import type { Editor } from './codemirror.ts';
import css from './editor.module.css';
import { EditorTools } from './EditorTools.tsx';
import { Rendered } from './Rendered.tsx';
import { excess, TextLimit } from './TextLimit.tsx';

const loadEditor = later(() => import('./codemirror.ts'));

export interface EditorHandle {
  focus: () => void;
}

interface Props {
  label: string;
  placeholder: string;
  value: string;
  /** How many bytes it may have. */
  most: number;
  onChange: (text: string) => void;
  onSave: () => void;
  /** Without it there is no button: the form around it has its own. */
  saveText?: string;
  /** Discards what was written. */
  onCancel?: () => void;
  /** Leaves the editor; what was written stays a draft. */
  onEscape: () => void;
  busy?: boolean;
  /** Why it can't be saved now; `onSave` is called nonetheless, to lead to what is to be done first. */
  blocked?: string | undefined;
  autoFocus?: boolean;
  /** Where the writing begins; the end, if left out. */
  startAt?: number | undefined;
  handle?: Ref<EditorHandle>;
}

/** What is too long says so below, and stays. */
function save({ busy = false, value, most, onSave }: Props): void {
  if (!busy && excess(value, most) === 0) onSave();
}

/** A text in Markdown, with its tools. Until the editor is loaded, a plain text field takes what is typed. */
export function MarkdownEditor(props: Props) {
  const { label, placeholder, value, most, saveText, onCancel, busy = false, autoFocus = false, startAt } = props;
  const { t } = useTranslation();
  const help = useId();
  const [isPreview, setIsPreview] = useState(false);
  const [height, setHeight] = useState(0);
  const [editor, setEditor] = useState<Editor | null>(null);
  const holder = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const now = useRef(props);
  /** What was typed and hasn't come back as `value` yet: only another value is a change from outside. */
  const typed = useRef<string[]>([]);
  useLayoutEffect(() => {
    now.current = props;
  });

  const take = useCallback((create: typeof import('./codemirror.ts').createEditor) => {
    const [parent, text] = [holder.current, field.current];
    if (parent === null || text === null) return;
    const hadFocus = document.activeElement === text;
    const made = create({
      parent,
      text: text.value,
      selection: { from: text.selectionStart, to: text.selectionEnd },
      label: now.current.label,
      help,
      placeholder: now.current.placeholder,
      onChange: (next) => {
        typed.current.push(next);
        now.current.onChange(next);
      },
      onSave: () => save(now.current),
    });
    if (hadFocus) made.focus();
    // At once: a plain field that stays for a moment longer could still get the focus, and take it with it.
    flushSync(() => setEditor(made));
  }, [help]);

  useEffect(() => {
    const gone = new AbortController();
    loadPatiently(loadEditor, gone.signal).then(
      (loaded) => {
        // Half a word of an input method can't be handed over.
        const attempt = () => {
          if (loaded === undefined || gone.signal.aborted) return;
          if (field.current?.dataset.composing === 'true') field.current.addEventListener('compositionend', () => setTimeout(attempt), { once: true });
          else take(loaded.createEditor);
        };
        attempt();
      },
      // The plain field stays.
      () => undefined,
    );
    return () => gone.abort();
  }, [take]);
  useEffect(() => () => editor?.destroy(), [editor]);
  useEffect(() => {
    const at = typed.current.lastIndexOf(value);
    typed.current.splice(0, at + 1);
    if (at < 0) editor?.setText(value);
  }, [editor, value]);
  useLayoutEffect(() => {
    const text = field.current;
    if (text === null || !autoFocus) return;
    const at = Math.min(startAt ?? text.value.length, text.value.length);
    text.focus();
    text.setSelectionRange(at, at);
    // It begins once; the editor that takes over keeps the place.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const focus = useCallback(() => (editor === null ? field.current?.focus() : editor.focus()), [editor]);
  const reveal = useCallback(() => (isPreview ? setIsPreview(false) : focus()), [isPreview, focus]);
  useImperativeHandle(props.handle, () => ({ focus: reveal }), [reveal]);

  const togglePreview = () => {
    if (!isPreview) setHeight(holder.current?.parentElement?.offsetHeight ?? 0);
    setIsPreview(!isPreview);
  };
  useEffect(() => {
    if (height > 0 && !isPreview) focus();
  }, [isPreview, height, focus]);

  /** Also in its tools and its preview; in its text, the loaded editor saves by itself. */
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      props.onEscape();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      event.preventDefault();
      save(props);
    }
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={css.editor} data-editor onKeyDown={onKeyDown}>
      <p id={help} hidden>
        {t('markdown.help')}
      </p>
      <div hidden={isPreview}>
        <div ref={holder} className={css.holder} data-ready={editor !== null} />
        {editor === null && (
          <textarea
            ref={field}
            className={css.text}
            aria-label={label}
            aria-describedby={help}
            placeholder={placeholder}
            value={value}
            dir="auto"
            onChange={(event) => props.onChange(event.target.value)}
            onCompositionStart={(event) => (event.currentTarget.dataset.composing = 'true')}
            onCompositionEnd={(event) => (event.currentTarget.dataset.composing = 'false')}
            onPaste={({ clipboardData }) => void refuseFiles(clipboardData)}
          />
        )}
      </div>
      {isPreview && (
        <div className={css.preview} ref={(box) => box?.style.setProperty('--least', `${height}px`)} role="region" aria-label={t('markdown.preview')}>
          {value.trim() === '' ? (
            <p className={css.faint}>{t('markdown.nothing')}</p>
          ) : (
            <Rendered source={value} height={60} />
          )}
        </div>
      )}
      <div className={css.count}>
        <TextLimit text={value} most={most} />
      </div>
      <div className={css.foot}>
        <EditorTools editor={isPreview ? null : editor} isPreview={isPreview} onPreview={togglePreview} />
        {(saveText !== undefined || onCancel !== undefined) && (
          <div className={css.buttons}>
            {saveText !== undefined && (
              <span className={css.keys} aria-hidden="true">
                <Keys keys="Ctrl+Enter" />
              </span>
            )}
            {onCancel !== undefined && (
              <Button look="ghost" onClick={onCancel}>
                {t('common.cancel')}
              </Button>
            )}
            {saveText !== undefined && (
              <Button
                look="primary"
                busy={busy}
                onClick={() => save(props)}
                aria-keyshortcuts="Control+Enter"
                {...(props.blocked !== undefined && { 'aria-disabled': true, title: props.blocked })}
              >
                {saveText}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
