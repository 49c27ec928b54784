/** Notifications grouped by their task, the task with the newest one first. */
import type { Notification } from '../api/types.ts';

export interface Group {
  task: string;
  teamKey: string;
  taskKey: string;
  number: number;
  /** The newest title. */
  title: string;
  isDeleted: boolean;
  /** Newest first; never empty. */
  items: readonly [Notification, ...Notification[]];
  /** The ids of those that aren't read. */
  unread: readonly string[];
}

export function groupByTask(notifications: readonly Notification[]): Group[] {
  const groups = new Map<string, [Notification, ...Notification[]]>();
  for (const one of notifications) {
    const group = groups.get(one.task_id);
    if (group === undefined) groups.set(one.task_id, [one]);
    else group.push(one);
  }
  return [...groups].map(([task, items]) => ({
    task,
    teamKey: items[0].team_key,
    taskKey: items[0].task_key,
    number: Number(items[0].task_key.split('-').at(-1)),
    title: items[0].title,
    isDeleted: items.some((one) => one.task_deleted),
    items,
    unread: items.filter((one) => one.read_at === null).map(({ id }) => id),
  }));
}

/** The server's order. Ids rise with the time (UUIDv7), also where several notifications were made at once. */
export function newestFirst(a: Notification, b: Notification): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** What a list holds back: everything that is newer than the newest notification that is shown. */
export function split(all: readonly Notification[], newestShown: Notification | undefined) {
  if (newestShown === undefined) return { shown: all, held: [] };
  const isNewer = (one: Notification) => one.id > newestShown.id;
  return { shown: all.filter((one) => !isNewer(one)), held: all.filter(isNewer) };
}

export function isComment({ type }: Notification): boolean {
  return type === 'comment.created';
}
