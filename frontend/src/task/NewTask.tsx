import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { STATUSES, PRIORITIES, type Priority, type Status } from '../api/types.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { useOpenTask } from '../shell/address.ts';
import { Button } from '../ui/Button.tsx';
import { isComposing } from '../ui/composing.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon, PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import { Menu, MenuChoice, MenuItem } from '../ui/Menu.tsx';
import { close, takeTypedAhead } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import { useTaskActions } from './actions.ts';
import css from './new.module.css';
import { useDirectory } from './useTasks.ts';

interface Rest {
  description: string;
  status: Status;
  priority: Priority;
  assignee: string | null;
}

/** A new task with all that one may want to say of it at once; for a title alone there is the quick line of the board. */
export default function NewTask({ team, status: first }: { team: string; status: Status }) {
  const { t } = useTranslation();
  const { create } = useTaskActions(team);
  const { openTask } = useOpenTask(team);
  const { members } = useDirectory(team);
  const scope = `new-task:${team}`;
  const { text: title, setText: setTitle, extra, setExtra, draft, discard } = useDraft(scope);
  const rest: Rest = { description: '', status: first, priority: 'none', assignee: null, ...(extra as Partial<Rest>) };
  const { description, status, priority, assignee } = rest;
  const set = (fields: Partial<Rest>) => setExtra({ ...rest, ...fields });
  useEffect(() => {
    const typed = takeTypedAhead();
    if (typed !== '') setDraft(scope, { ...getDraft(scope), text: (getDraft(scope)?.text ?? '') + typed });
  }, [scope]);
  const assigned = members.find(({ user }) => user.id === assignee)?.user;
  const save = (thenOpen: boolean) => {
    const wanted = title.trim();
    if (wanted === '') return;
    const task = { title: wanted, description, status, priority, assignees: assignee === null ? [] : [assignee] };
    close();
    discard();
    const made = create(task, { ...(draft !== undefined && { from: { scope, draft } }) });
    void made.then((saved) => thenOpen && saved !== undefined && openTask(saved.number));
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
          if (isComposing(event)) return;
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
          onChange={(event) => setTitle(event.target.value)}
        />
        <textarea
          className={css.text}
          value={description}
          aria-label={t('task.description')}
          placeholder={t('task.descriptionHint')}
          onChange={(event) => set({ description: event.target.value })}
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
              onChange={(value) => set({ status: value })}
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
              onChange={(value) => set({ priority: value })}
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
            <MenuItem onSelect={() => set({ assignee: null })}>{t('filter.nobody')}</MenuItem>
            {members.map(({ user }) => (
              <MenuItem key={user.id} onSelect={() => set({ assignee: user.id })} hint={user.email}>
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
