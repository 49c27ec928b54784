import * as Tabs from '@radix-ui/react-tabs';
import { Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { parts } from '../shell/ahead.ts';
import { Button } from '../ui/Button.tsx';
import { Keys } from '../ui/Chips.tsx';
import { Skeleton } from '../ui/States.tsx';
import css from './panel.module.css';

const { Markdown } = parts;

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
  onSave: () => void;
  saveText: string;
  onCancel?: () => void;
  busy?: boolean;
  autoFocus?: boolean;
  textRef?: React.Ref<HTMLTextAreaElement>;
}

/** A text in Markdown: written in one tab, seen in the other, saved with Ctrl+Enter. */
export function MarkdownEditor(props: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { label, placeholder, value, onChange, onSave, saveText, onCancel, busy = false, autoFocus, textRef } = props;
  return (
    <Tabs.Root defaultValue="write" className={css.editor}>
      <Tabs.List className={css.tabs} aria-label={label}>
        <Tabs.Trigger className={css.tab} value="write">
          {t('markdown.write')}
        </Tabs.Trigger>
        <Tabs.Trigger className={css.tab} value="preview">
          {t('markdown.preview')}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="write" tabIndex={-1}>
        <textarea
          ref={textRef}
          id={id}
          className={css.text}
          aria-label={label}
          placeholder={placeholder}
          value={value}
          autoFocus={autoFocus}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              if (!busy) onSave();
            } else if (event.key === 'Escape') {
              event.preventDefault();
              if (onCancel === undefined) event.currentTarget.blur();
              else onCancel();
            }
          }}
        />
      </Tabs.Content>
      <Tabs.Content value="preview" className={css.preview}>
        {value.trim() === '' ? (
          <p className={css.faint}>{t('markdown.nothing')}</p>
        ) : (
          <Suspense fallback={<Skeleton height={60} />}>
            <Markdown source={value} />
          </Suspense>
        )}
      </Tabs.Content>
      <div className={css.editorFoot}>
        <span className={css.faint}>
          {t('markdown.hint')} <Keys keys="Ctrl+Enter" />
        </span>
        {onCancel !== undefined && (
          <Button look="ghost" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
        <Button look="primary" busy={busy} onClick={onSave}>
          {saveText}
        </Button>
      </div>
    </Tabs.Root>
  );
}
