import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { atLeast, type Task, type Team, type User } from '../api/types.ts';
import { isolated } from '../i18n/bidi.ts';
import { Sentence } from '../i18n/Sentence.tsx';
import { copy } from '../palette/commands.ts';
import { taskPath } from '../shell/address.ts';
import { returnFocus } from '../board/focus.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { isComposing } from '../ui/composing.ts';
import { isInUse } from '../ui/inUse.ts';
import { hasKeysOfItsOwn, targetOf } from '../ui/keys.ts';
import { dropWanted, open, stopAwaiting } from '../ui/stage.ts';
import { Failed, Loading, Skeleton } from '../ui/States.tsx';
import { Moment } from '../ui/Time.tsx';
import { useReadTask } from '../notifications/read.ts';
import { useTaskActions } from './actions.ts';
import { Activity } from './Activity.tsx';
import { Description } from './Description.tsx';
import { GoneTask } from './GoneTask.tsx';
import css from './panel.module.css';
import { Properties } from './Properties.tsx';
import { Title } from './Title.tsx';
import { useDirectory, useTask } from './useTasks.ts';

interface Props {
  team: Team;
  me: User;
  number: number;
  onClose: () => void;
  /** Changes the panel's width. */
  handle?: ReactNode;
}

/** The open task. */
export default function TaskPanel({ team, me, number, onClose, handle }: Props) {
  const { t } = useTranslation();
  const { task, isGone, error, retry } = useTask(team.key, number);
  useReadTask(task?.id);
  const panel = useRef<HTMLElement>(null);
  const last = useRef<string | null>(null);
  const [lastId, setLastId] = useState<string | null>(null);
  if (task !== undefined && task.id !== lastId) setLastId(task.id);

  useEffect(() => {
    last.current = task?.id ?? last.current;
  }, [task]);
  useEffect(() => {
    // Unless one of its fields has the focus already, or the user went on while the panel was loaded.
    if (panel.current?.contains(document.activeElement) === false && !isInUse()) panel.current.focus();
    return () => {
      // Back to the card that it was opened from.
      if (last.current !== null) returnFocus(last.current);
    };
  }, []);
  const isMissing = task === undefined && (isGone || error !== null);
  useEffect(() => {
    if (isMissing) stopAwaiting();
  }, [isMissing]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
      if (!hasKeysOfItsOwn(targetOf(event))) onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);

  return (
    <aside ref={panel} className={css.panel} tabIndex={-1} data-panel aria-label={task ? `${task.key} ${isolated(task.title)}` : t('task.task')}>
      {handle}
      {task !== undefined ? (
        <Content team={team} me={me} task={task} onClose={onClose} />
      ) : (
        <>
          <header className={css.head}>
            <span className={css.key} />
            <IconButton label={t('common.close')} onClick={onClose}>
              <Icon name="close" />
            </IconButton>
          </header>
          {isGone ? (
            <GoneTask id={lastId} />
          ) : error !== null ? (
            <Failed error={error} onRetry={retry} />
          ) : (
            <Loading>
              <div className={css.skeletons}>
                <Skeleton height={24} width="70%" />
                <Skeleton height={90} />
                <Skeleton height={140} />
              </div>
            </Loading>
          )}
        </>
      )}
    </aside>
  );
}

function Content({ team, me, task, onClose }: Omit<Props, 'number' | 'handle'> & { task: Task }) {
  const { t } = useTranslation();
  const directory = useDirectory(team.key);
  const actions = useTaskActions(team.key);
  const canEdit = atLeast(team.role, 'member');
  const isMine = task.assignees.includes(me.id);
  // After its parts, which take what was asked of them.
  useEffect(dropWanted, [task.id]);
  const creator = directory.nameOf(task.created_by);
  return (
    <>
      <header className={css.head}>
        <span className={css.key}>{task.key}</span>
        <IconButton
          label={t('command.copyLink')}
          onClick={() => copy(new URL(taskPath(team.key, task.number), location.origin).href)}
        >
          <Icon name="link" />
        </IconButton>
        {canEdit && (
          <IconButton label={t('command.delete')} onClick={() => open({ kind: 'delete', task: task.id })}>
            <Icon name="trash" />
          </IconButton>
        )}
        <IconButton label={t('common.close')} onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className={css.body} data-panel-body>
        <Title key={`title ${task.id}`} team={team.key} task={task} canEdit={canEdit} />
        <Properties
          team={team.key}
          task={task}
          directory={directory}
          canEdit={canEdit}
          canChangeStatus={canEdit || isMine}
          onPatch={(fields) => void actions.patch(task, fields)}
        />
        <Description key={task.id} team={team.key} task={task} canEdit={canEdit} />
        <Activity team={team.key} task={task} me={me} role={team.role} canComment={canEdit || isMine} />
        <p className={css.made}>
          <Sentence of="task.made" parts={{ name: creator, when: <Moment at={task.created_at} /> }} />
        </p>
      </div>
    </>
  );
}
