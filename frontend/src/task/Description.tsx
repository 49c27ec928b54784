import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { parts } from '../shell/ahead.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Icon } from '../ui/Icon.tsx';
import { Skeleton } from '../ui/States.tsx';
import { inTurn } from './actions.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { MarkdownEditor } from './MarkdownEditor.tsx';
import css from './panel.module.css';
import { tasksOf } from './team-tasks.ts';
import { useWanted } from './useWanted.ts';

const { Markdown } = parts;

interface Props {
  team: string;
  task: Task;
  canEdit: boolean;
}

export function Description({ team, task, canEdit }: Props) {
  const { t } = useTranslation();
  const key = `description ${task.id}`;
  const [isEditing, setIsEditing] = useState(draftOf(key) !== undefined && canEdit);
  const begin = useCallback(() => canEdit && setIsEditing(true), [canEdit]);
  useWanted(task.id, 'description', begin);
  if (isEditing) return <Editor team={team} task={task} draftKey={key} onClose={() => setIsEditing(false)} />;
  return (
    <section className={css.section} aria-label={t('task.description')}>
      <div className={css.sectionHead}>
        <h3 className={css.sectionTitle}>{t('task.description')}</h3>
        {canEdit && (
          <Button look="ghost" onClick={begin}>
            <Icon name="edit" size={14} /> {t('common.edit')}
          </Button>
        )}
      </div>
      {task.description === '' ? (
        <p className={css.faint}>{t('task.noDescription')}</p>
      ) : (
        <Suspense fallback={<Skeleton height={80} />}>
          <Markdown source={task.description} />
        </Suspense>
      )}
    </section>
  );
}

/** Saves over the description that was there when the writing began; gives the task, unsaved if it has another now. */
async function saveOver(team: string, { id }: Task, base: Base, description: string): Promise<Task> {
  const path = { team, task: id };
  const save = (version: number) => {
    const params = { path, header: { 'If-Match': `"${version}"` } };
    return unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}', { params, body: { description } }));
  };
  try {
    return await save(base.version);
  } catch (error) {
    if (asProblem(error).status !== 412) throw error;
  }
  // The version counts every change; of a label or a title it is none of ours.
  const now = await unwrap(api.GET('/api/v1/teams/{team}/tasks/{task}', { params: { path } }));
  return now.description === base.description ? save(now.version) : now;
}

interface Base {
  version: number;
  description: string;
}

/**
 * A long text isn't overwritten unseen: it is saved over the version that it was begun on, and when somebody else was
 * faster, their text is shown and the user chooses.
 */
function Editor({ team, task, draftKey, onClose }: { team: string; task: Task; draftKey: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState(draftOf(draftKey) ?? task.description);
  const [base, setBase] = useState<Base>({ version: task.version, description: task.description });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const isTheirs = task.description !== base.description && task.description !== text;
  const theirs = isTheirs ? task.description : null;
  const close = () => {
    keepDraft(draftKey, null);
    onClose();
  };
  const write = (next: string) => {
    setText(next);
    keepDraft(draftKey, next === base.description ? null : next);
  };
  const save = async () => {
    if (text === base.description && theirs === null) {
      close();
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const saved = await inTurn(task.id, () => saveOver(team, task, base, text));
      tasksOf(client, team).keep(saved);
      if (saved.description === text) close();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={css.section} aria-label={t('task.description')}>
      <h3 className={css.sectionTitle}>{t('task.description')}</h3>
      {theirs !== null && (
        <div className={css.conflict} role="alert">
          <p>{t('task.conflict')}</p>
          <pre className={css.theirs}>{theirs}</pre>
          <div className={css.conflictFoot}>
            <Button
              onClick={() => {
                setBase({ version: task.version, description: task.description });
                write(theirs);
              }}
            >
              {t('task.takeTheirs')}
            </Button>
            <Button onClick={() => setBase({ version: task.version, description: task.description })}>
              {t('task.keepMine')}
            </Button>
          </div>
        </div>
      )}
      {problem !== null && problem.status !== 412 && (
        <p className={css.problem} role="alert">
          {t('errors.notSaved', { reason: explain(problem) })}
        </p>
      )}
      <MarkdownEditor
        label={t('task.description')}
        placeholder={t('task.descriptionHint')}
        value={text}
        onChange={write}
        onSave={() => void save()}
        saveText={t('common.save')}
        onCancel={close}
        busy={busy}
        autoFocus
      />
    </section>
  );
}
