/** What an event of the log changes in what the page holds. */
import { hashKey, type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { Comment, Label, TeamEvent } from '../api/types.ts';
import { arrived, isCommentDraft } from '../task/pending.ts';
import { commentsKey, type CommentPages, historyKey, labelsKey, membersKey, peopleKey, type Person } from '../task/queries.ts';
import { tasksOf } from '../task/team-tasks.ts';
import { byName } from '../team/labelNames.ts';
import { notice } from './notice.ts';
import { readAgainIfReading, readAnew } from './readAnew.ts';

/** worker makes notifications a moment after the event. */
const NOTIFICATION_LAG_MS = 400;
/** However many events come, the dashboard's numbers are read again at most so often. */
const STATS_EVERY_MS = 1_000;

export function applyEvents(client: QueryClient, team: string, events: TeamEvent[], me: string): void {
  for (const event of events) {
    if (event.type === 'task.created' && event.actor_id === me && event.data.task) arrived(team, event.data.task);
  }
  tasksOf(client, team).apply(events);
  const keys = events.flatMap((event) => [
    ...applyToLabels(client, team, event),
    ...applyToComments(client, team, event),
    ...applyToHistory(client, team, event),
  ]);
  for (const key of new Map(keys.map((key) => [hashKey(key), key])).values()) readAgainIfReading(client, key);
  const others = events.filter((event) => event.actor_id !== me);
  if (others.length > 0) {
    notice(others);
    if (others.some((event) => concerns(event, me))) refreshNotifications(client);
  }
  refreshStrangers(client, team, events);
  refreshStats(client, team);
}

const statsDue = new WeakMap<QueryClient, Set<string>>();

function refreshStats(client: QueryClient, team: string): void {
  const due = statsDue.get(client) ?? new Set();
  statsDue.set(client, due);
  if (due.has(team)) return;
  due.add(team);
  setTimeout(() => {
    due.delete(team);
    void readAnew(client, ['team', team, 'stats']);
  }, STATS_EVERY_MS);
}

function concerns({ data: { task } }: TeamEvent, me: string): boolean {
  return task !== undefined && (task.assignees.includes(me) || task.created_by === me);
}

function refreshNotifications(client: QueryClient): void {
  for (const wait of [NOTIFICATION_LAG_MS, NOTIFICATION_LAG_MS * 4]) {
    setTimeout(() => void readAnew(client, ['notifications']), wait);
  }
}

/** The team's members, their roles or names may have changed, and with them what the user may do. */
export async function refreshMembers(client: QueryClient, team: string): Promise<void> {
  await Promise.all([readAnew(client, membersKey(team)), readAnew(client, ['teams'])]);
}

/** People whom the page has asked for in vain: they aren't in the team any more. */
const unknown = new Set<string>();

/** An event names somebody whom the page doesn't know yet: they have joined meanwhile. */
function refreshStrangers(client: QueryClient, team: string, events: TeamEvent[]): void {
  const people = client.getQueryData<Person[]>(peopleKey(team));
  if (people === undefined) {
    const reading = client.getQueryCache().find({ queryKey: peopleKey(team) })?.promise;
    void reading?.then(() => refreshStrangers(client, team, events), () => undefined);
    return;
  }
  const known = new Set(people.map(({ user }) => user.id));
  const named = events.flatMap(({ actor_id, data: { task } }) => [actor_id, ...(task?.assignees ?? [])]);
  const strangers = named.filter((id) => !known.has(id) && !unknown.has(`${team} ${id}`));
  if (strangers.length === 0) return;
  for (const id of strangers) unknown.add(`${team} ${id}`);
  void refreshMembers(client, team);
}

/** Each of these gives the keys of what the event is about. */
function applyToLabels(client: QueryClient, team: string, { type, data: { label } }: TeamEvent): QueryKey[] {
  if (label === undefined) return [];
  const key = labelsKey(team);
  client.setQueryData<Label[]>(key, (now) => {
    if (now === undefined) return now;
    const rest = now.filter((one) => one.id !== label.id);
    return type === 'label.deleted' ? rest : [...rest, label].sort(byName);
  });
  return [key];
}

function applyToComments(client: QueryClient, team: string, { type, data: { comment } }: TeamEvent): QueryKey[] {
  if (comment === undefined) return [];
  const key = commentsKey(team, comment.task_id);
  client.setQueryData<CommentPages>(key, (now) => now && withComment(now, type, comment));
  return [key];
}

/** The event of one's own comment may come before the answer: it takes the place of the draft. */
export function withComment(now: CommentPages, type: string, comment: Comment): CommentPages {
  const isSame = (one: Comment) => one.id === comment.id;
  if (type === 'comment.deleted') return withoutComment(now, comment.id);
  const isDraft = (one: Comment) =>
    isCommentDraft(one) && one.author_id === comment.author_id && one.body === comment.body;
  const all = now.pages.flatMap(({ items }) => items);
  // Of several drafts with the same text the first that was sent: they stand newest first.
  const old = all.find(isSame) ?? all.findLast(isDraft);
  if (old !== undefined) return inPages(now, (items) => items.map((one) => (one === old ? comment : one)));
  // A change of what isn't there any more doesn't bring it back.
  return type === 'comment.created' ? withNewest(now, comment) : now;
}

export function withNewest(now: CommentPages, comment: Comment): CommentPages {
  const [newest, ...older] = now.pages;
  return newest === undefined ? now : { ...now, pages: [{ ...newest, items: [comment, ...newest.items] }, ...older] };
}

export function withoutComment(now: CommentPages, id: string): CommentPages {
  return inPages(now, (items) => items.filter((one) => one.id !== id));
}

function inPages(now: CommentPages, change: (items: Comment[]) => Comment[]): CommentPages {
  return { ...now, pages: now.pages.map((page) => ({ ...page, items: change(page.items) })) };
}

function applyToHistory(client: QueryClient, team: string, event: TeamEvent): QueryKey[] {
  if (event.task_id === null) return [];
  const key = historyKey(team, event.task_id);
  client.setQueryData<InfiniteData<{ items: TeamEvent[]; next_cursor: string | null }>>(key, (now) => {
    const [newest, ...older] = now?.pages ?? [];
    if (now === undefined || newest === undefined || newest.items.some((one) => one.id === event.id)) return now;
    return { ...now, pages: [{ ...newest, items: [event, ...newest.items] }, ...older] };
  });
  return [key];
}
