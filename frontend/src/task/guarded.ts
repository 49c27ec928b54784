/** Saving texts of a task without overwriting what somebody else has written meanwhile. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.ts';
import { asProblem, beforeSending } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { getDraft, setDraft, settleDraft, type Base } from '../drafts/drafts.ts';
import { t } from '../i18n/index.ts';
import { createStore } from '../ui/store.ts';
import { useStore } from '../ui/useStore.ts';
import { openTask } from '../outcomes/created.ts';
import { overtaken, type Result } from '../outcomes/persist.ts';
import { save } from '../outcomes/save.ts';
import { begin } from './pending.ts';
import { read } from './recheck.ts';
import { tasksOf } from './team-tasks.ts';
import { oneLine } from './TitleLimit.tsx';
import type { Box } from './MarkdownNodes.tsx';
import { withTick } from './tick.ts';

type TextField = 'title' | 'description';

export function remember(client: QueryClient, team: string, task: Task): void {
  tasksOf(client, team).keep(task);
}

function patch(team: string, task: string, version: number, body: Partial<Record<TextField, string>>): Promise<Task> {
  const params = { path: { team, task }, header: { 'If-Match': `"${version}"` } };
  return unwrap(api.PATCH('/api/v1/teams/{team}/tasks/{task}', { params, body }));
}

export const isConflict = (error: unknown): boolean => asProblem(error).status === 412;
/** How often a write over a newer version is tried again. */
export const TRIES = 5;

/** What `saveOver` saves: `text` as a field of the task, over the version that it was begun from. */
export interface Wanted {
  field: TextField;
  base: Base;
  text: string;
  /** The thing in the user's words. */
  what: string;
  /** The editor says itself what went wrong, while it is shown. */
  isQuiet?: boolean;
}

/** Editors carry the scope of their draft as `data-edits`. */
function isEditorShown(scope: string): boolean {
  return document.querySelector(`[data-edits="${scope}"]`) !== null;
}

/** The texts that are being saved, in their order, by the scope of their draft. */
const underWay = createStore<ReadonlyMap<string, readonly string[]>>(new Map());

export function useIsSaving(scope: string): boolean {
  return useStore(underWay, (all) => all.has(scope));
}

function enter(scope: string, text: string): () => void {
  const put = (change: (now: readonly string[]) => readonly string[]) =>
    underWay.set((all) => {
      const next = new Map(all);
      const texts = change(all.get(scope) ?? []);
      if (texts.length === 0) next.delete(scope);
      else next.set(scope, texts);
      return next;
    });
  put((now) => [...now, text]);
  // They end in the order in which they were begun.
  return () => put((now) => now.slice(1));
}

/**
 * Saves a text until its outcome is known. If somebody else has written another one meanwhile, it is refused as a conflict,
 * which the editor of the draft shows. Changes of other fields don't matter. The draft ends when its text is saved; what was
 * typed meanwhile goes on from there.
 */
export function saveOver(client: QueryClient, team: string, task: Task, wanted: Wanted): Promise<Result<Task>> {
  const { field, base, text, what, isQuiet = false } = wanted;
  const scope = `${field}:${task.id}`;
  const settle = begin(team, { kind: 'set', task: task.id, fields: { [field]: text } });
  // The user has seen these, too, and goes on from them.
  const before = underWay.get().get(scope) ?? [];
  const isAsSeen = (now: Task) => now[field] === base.text || before.includes(now[field]);
  const leave = enter(scope, text);
  const send = async () => {
    const known = tasksOf(client, team).collection.byId.get(task.id);
    let version = known !== undefined && isAsSeen(known) ? Math.max(base.version, known.version) : base.version;
    for (let n = 0; ; n++) {
      try {
        const saved = await patch(team, task.id, version, { [field]: text });
        remember(client, team, saved);
        return saved;
      } catch (error) {
        if (!isConflict(error) || n === TRIES) throw error;
      }
      const now = await beforeSending(read(team, task.id));
      remember(client, team, now);
      // An earlier attempt may have been saved although its answer was lost; then sending it again changes nothing.
      if (now[field] === text) return now;
      if (!isAsSeen(now)) throw overtaken();
      version = now.version;
    }
  };
  const held = { kind: 'text', args: { team, task, wanted: { field, base, text, what } } };
  return save({
    what,
    send,
    holds: true,
    turn: task.id,
    held,
    reasons: { 412: t('task.textChangedElsewhere') },
    isQuiet: (problem) => isEditorShown(scope) && (isQuiet || isConflict(problem)),
    open: () => openTask(team, task.number),
    done: ({ version }) => {
      settleDraft(scope, text, { version, text }, field === 'title' ? oneLine : undefined);
      return undefined;
    },
    onFailed: () => {
      if (getDraft(scope) === undefined) setDraft(scope, { text, base });
    },
  }).finally(() => {
    settle();
    leave();
  });
}

/** Ticks a box of the description, also when the text around it has changed meanwhile. */
export async function tickDescription(client: QueryClient, team: string, task: Task, box: Box): Promise<void> {
  const shown = withTick(task.description, task.description, box);
  if (shown === null) return;
  const settle = begin(team, { kind: 'set', task: task.id, fields: { description: shown } });
  const tick = async () => {
    let now = tasksOf(client, team).collection.byId.get(task.id) ?? task;
    for (let n = 0; ; n++) {
      const description = withTick(task.description, now.description, box);
      if (description === null) throw overtaken();
      try {
        if (description !== now.description) remember(client, team, await patch(team, task.id, now.version, { description }));
        return;
      } catch (error) {
        if (!isConflict(error) || n === TRIES) throw error;
      }
      now = await beforeSending(read(team, task.id));
      remember(client, team, now);
    }
  };
  const held = { kind: 'tick', args: { team, task, box } };
  const reasons = { 412: t('markdown.boxGone') };
  await save({ what: task.key, send: tick, holds: true, turn: task.id, held, reasons }).finally(settle);
}
