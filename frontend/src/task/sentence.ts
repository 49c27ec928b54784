/** What happened, after the name of who did it: "moved it to Done". */
import type { Task, TeamEvent } from '../api/types.ts';
import { listed } from '../i18n/bidi.ts';
import { shortDay } from '../i18n/dates.ts';
import { t } from '../i18n/index.ts';
import type { Directory } from './useTasks.ts';

export function sentence({ type, data }: TeamEvent, directory: Directory): string {
  const { task, label, previous } = data;
  switch (type) {
    case 'task.created':
      return t('event.created');
    case 'task.deleted':
      return t('event.deleted');
    case 'task.moved':
      return t('event.moved');
    case 'comment.created':
      return t('event.commented');
    case 'comment.updated':
      return t('event.commentEdited');
    case 'comment.deleted':
      return t('event.commentDeleted');
    case 'label.created':
      return t('event.labelCreated', { name: label?.name ?? '' });
    case 'label.updated':
      return t('event.labelUpdated', { name: label?.name ?? '' });
    case 'label.deleted':
      return t('event.labelDeleted', { name: label?.name ?? '' });
    default:
      return task === undefined ? t('event.changed') : changes(task, previous, directory);
  }
}

function changes(task: Task, previous: Record<string, unknown>, directory: Directory): string {
  const parts: string[] = [];
  if ('status' in previous) parts.push(t('event.status', { status: t(`status.${task.status}`) }));
  if ('assignees' in previous) parts.push(...assignees(task, previous.assignees, directory));
  if ('priority' in previous) parts.push(t('event.priority', { priority: t(`priority.${task.priority}`) }));
  if ('labels' in previous) parts.push(...labels(task, previous.labels, directory));
  if ('due_at' in previous) {
    parts.push(task.due_at === null ? t('event.noDue') : t('event.due', { day: shortDay(task.due_at) }));
  }
  if ('title' in previous) parts.push(t('event.title', { title: task.title }));
  if ('description' in previous) parts.push(t('event.description'));
  return parts.length === 0 ? t('event.changed') : parts.join(', ');
}

function ids(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}

function assignees(task: Task, previous: unknown, directory: Directory): string[] {
  const before = ids(previous);
  const name = (id: string) => directory.nameOf(id);
  const added = task.assignees.filter((id) => !before.includes(id)).map(name);
  const removed = before.filter((id) => !task.assignees.includes(id)).map(name);
  return [
    ...(added.length > 0 ? [t('event.assigned', { names: listed(added) })] : []),
    ...(removed.length > 0 ? [t('event.unassigned', { names: listed(removed) })] : []),
  ];
}

function labels(task: Task, previous: unknown, directory: Directory): string[] {
  const before = ids(previous);
  const name = (id: string) => directory.label(id)?.name ?? t('event.goneLabel');
  const added = task.labels.filter((id) => !before.includes(id)).map(name);
  const removed = before.filter((id) => !task.labels.includes(id)).map(name);
  return [
    ...(added.length > 0 ? [t('event.labelled', { names: listed(added) })] : []),
    ...(removed.length > 0 ? [t('event.unlabelled', { names: listed(removed) })] : []),
  ];
}
