/** What happened, after the name of who did it: "moved it to Done", or "moved OPS-1 to Done" where the task isn't in sight. */
import type { Task, TeamEvent } from '../api/types.ts';
import { listed } from '../i18n/bidi.ts';
import { shortDay } from '../i18n/dates.ts';
import type en from '../i18n/en.json';
import { t, type Values } from '../i18n/index.ts';
import type { Directory } from './useTasks.ts';

/** What can be said of a task, with or without its key. */
type Name = keyof (typeof en)['eventOf'];

type Say = (name: Name, values?: Values) => string;

/** The first thing that is said names the task, and what follows is said of the same one. */
function sayer(key: string | undefined): Say {
  let isFirst = true;
  return (name, values) => {
    const isNamed = isFirst && key !== undefined;
    isFirst = false;
    return isNamed ? t(`eventOf.${name}`, { ...values, key }) : t(`event.${name}`, values);
  };
}

export function sentence({ type, data }: TeamEvent, directory: Directory, key?: string): string {
  const { task, label, previous } = data;
  const say = sayer(key);
  switch (type) {
    case 'task.created':
      return say('created');
    case 'task.deleted':
      return say('deleted');
    case 'task.moved':
      return say('moved');
    case 'comment.created':
      return say('commented');
    case 'comment.updated':
      return say('commentEdited');
    case 'comment.deleted':
      return say('commentDeleted');
    case 'label.created':
      return t('event.labelCreated', { name: label?.name ?? '' });
    case 'label.updated':
      return t('event.labelUpdated', { name: label?.name ?? '' });
    case 'label.deleted':
      return t('event.labelDeleted', { name: label?.name ?? '' });
    default:
      return task === undefined ? say('changed') : changes(task, previous, directory, say);
  }
}

function changes(task: Task, previous: Record<string, unknown>, directory: Directory, say: Say): string {
  const parts: string[] = [];
  if ('status' in previous) parts.push(say('status', { status: t(`status.${task.status}`) }));
  if ('assignees' in previous) parts.push(...assignees(task, previous.assignees, directory, say));
  if ('priority' in previous) parts.push(say('priority', { priority: t(`priority.${task.priority}`) }));
  if ('labels' in previous) parts.push(...labels(task, previous.labels, directory, say));
  if ('due_at' in previous) {
    parts.push(task.due_at === null ? say('noDue') : say('due', { day: shortDay(task.due_at) }));
  }
  if ('title' in previous) parts.push(say('title', { title: task.title }));
  if ('description' in previous) parts.push(say('description'));
  return parts.length === 0 ? say('changed') : parts.join(', ');
}

function ids(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}

function assignees(task: Task, previous: unknown, directory: Directory, say: Say): string[] {
  const before = ids(previous);
  const name = (id: string) => directory.nameOf(id);
  const added = task.assignees.filter((id) => !before.includes(id)).map(name);
  const removed = before.filter((id) => !task.assignees.includes(id)).map(name);
  return [
    ...(added.length > 0 ? [say('assigned', { names: listed(added) })] : []),
    ...(removed.length > 0 ? [say('unassigned', { names: listed(removed) })] : []),
  ];
}

function labels(task: Task, previous: unknown, directory: Directory, say: Say): string[] {
  const before = ids(previous);
  const name = (id: string) => directory.label(id)?.name ?? t('event.goneLabel');
  const added = task.labels.filter((id) => !before.includes(id)).map(name);
  const removed = before.filter((id) => !task.labels.includes(id)).map(name);
  return [
    ...(added.length > 0 ? [say('labelled', { names: listed(added) })] : []),
    ...(removed.length > 0 ? [say('unlabelled', { names: listed(removed) })] : []),
  ];
}
