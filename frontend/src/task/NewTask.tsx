import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STATUSES, PRIORITIES, type Priority, type Status } from '../api/types.ts';
import { useOpenTask } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon, PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import { Menu, MenuChoice, MenuItem } from '../ui/Menu.tsx';
import { close, typedAhead } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import { draftOf, keepDraft } from './drafts.ts';
import css from './new.module.css';
import { useDirectory } from './useTasks.ts';

/** A new task with all that one may want to say of it at once; for a title alone there is the quick line of the board. */
export default function NewTask({ team, status: first }: { team: string; status: Status }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const { openTask } = useOpenTask(team);
  const { members } = useDirectory(team);
  const key = `new ${team}`;
  const [title, setTitle] = useState((draftOf(key) ?? '') + typedAhead());
  const [description, setDescription] = useState('');
  const [status, setStatus] = useState<Status>(first);
  const [priority, setPriority] = useState<Priority>('none');
  const [assignee, setAssignee] = useState<string | null>(null);
  const assigned = members.find(({ user }) => user.id === assignee)?.user;
  const write = (next: string) => {
    setTitle(next);
    keepDraft(key, next);
  };
  const save = (thenOpen: boolean) => {
    const wanted = title.trim();
    if (wanted === '') return;
    const task = { title: wanted, description, status, priority, assignees: assignee === null ? [] : [assignee] };
    close();
    void create(task).then((saved) => {
      if (saved === undefined) return;
      keepDraft(key, null);
      if (thenOpen) openTask(saved.number);
    });
  };
  return (
    <Dialog title={t('task.new')} onClose={close}>
      {/* Ctrl+Enter sends from each of its fields. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save(false);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          save(event.shiftKey);
        }}
      >
        <input
          className={css.title}
          value={title}
          maxLength={255}
          aria-label={t('task.title')}
          placeholder={t('task.titleHint')}
          autoFocus
          onChange={(event) => write(event.target.value)}
        />
        <textarea
          className={css.text}
          value={description}
          aria-label={t('task.description')}
          placeholder={t('task.descriptionHint')}
          onChange={(event) => setDescription(event.target.value)}
        />
        <div className={css.choices}>
          <Menu
            isInDialog
            trigger={
              <Button aria-label={`${t('property.status')}: ${t(`status.${status}`)}`}>
                <StatusIcon status={status} /> {t(`status.${status}`)}
              </Button>
            }
          >
            <MenuChoice
              label={t('property.status')}
              value={status}
              options={STATUSES.map((value) => ({ value, text: t(`status.${value}`) }))}
              onChange={setStatus}
            />
          </Menu>
          <Menu
            isInDialog
            trigger={
              <Button aria-label={`${t('property.priority')}: ${t(`priority.${priority}`)}`}>
                <PriorityIcon priority={priority} /> {t(`priority.${priority}`)}
              </Button>
            }
          >
            <MenuChoice
              label={t('property.priority')}
              value={priority}
              options={PRIORITIES.map((value) => ({ value, text: t(`priority.${value}`) }))}
              onChange={setPriority}
            />
          </Menu>
          <Menu
            isInDialog
            trigger={
              <Button aria-label={`${t('property.assignees')}: ${assigned?.name ?? t('filter.nobody')}`}>
                <Icon name="person" size={14} /> {assigned?.name ?? t('filter.nobody')}
              </Button>
            }
          >
            <MenuItem onSelect={() => setAssignee(null)}>{t('filter.nobody')}</MenuItem>
            {members.map(({ user }) => (
              <MenuItem key={user.id} onSelect={() => setAssignee(user.id)} hint={user.email}>
                {user.name}
              </MenuItem>
            ))}
          </Menu>
        </div>
        <div className={ui.dialogFoot}>
          <Button onClick={() => save(true)}>{t('task.createAndOpen')}</Button>
          <Button type="submit" look="primary">
            {t('task.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
