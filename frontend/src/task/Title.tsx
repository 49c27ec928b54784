import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task } from '../api/types.ts';
import css from './panel.module.css';
import { useWanted } from './useWanted.ts';

interface Props {
  task: Task;
  canEdit: boolean;
  onSave: (title: string) => Promise<boolean>;
}

/** The title, to be written over where it stands. */
export function Title({ task, canEdit, onSave }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const take = useCallback(() => field.current?.select(), []);
  useWanted(task.id, 'title', take);
  if (!canEdit) return <h2 className={css.title}>{task.title}</h2>;
  const save = () => {
    const title = (draft ?? '').replace(/\s+/g, ' ').trim();
    setDraft(null);
    if (draft !== null && title !== '' && title !== task.title) void onSave(title);
  };
  return (
    <h2 className={css.titleHead}>
      <span className="visually-hidden">{task.title}</span>
      <textarea
        ref={field}
        className={css.title}
        rows={1}
        maxLength={255}
        aria-label={t('task.title')}
        value={draft ?? task.title}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.blur();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            setDraft(null);
            // Not a blur that saves: the draft is gone by then.
            field.current?.closest('aside')?.focus();
          }
        }}
      />
    </h2>
  );
}
