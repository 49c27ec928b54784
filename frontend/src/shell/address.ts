import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useLocationProperty } from 'wouter/use-browser-location';
import { createStore } from '../ui/store.ts';
import { useStore } from '../ui/useStore.ts';

/** Where in a team the page is; the open task stands in the address as `?task=42`. */
export type View = 'board' | 'list' | 'dashboard';

export function teamPath(team: string, view: View): string {
  return `/t/${team}/${view}`;
}

export function taskPath(team: string, number: number, view: 'board' | 'list' = 'board'): string {
  return `${teamPath(team, view)}?task=${number}`;
}

/** The team that a path names, also as that of the task beside the inbox: its key, or its id. Keys match without case. */
export function teamIn(path: string): string | undefined {
  return /^\/(?:t|inbox)\/([^/]+)/.exec(path)?.[1]?.toLowerCase();
}

/** The path as the page writes it: the team by its key, in small letters. */
export function canonical(path: string, key: string): string {
  return path.replace(/^\/t\/.*$/i, (all) => all.toLowerCase()).replace(/^\/t\/[^/]+/, `/t/${key}`);
}

/** What `?task=` says when it names no task that this team can have. */
export const NO_SUCH_TASK = 0;

/** The number in `?task=42` or `?task=OPS-42`; null when no task is open. */
export function taskNumber(value: string | null, team: string): number | null {
  if (value === null) return null;
  const [, key, digits] = /^(?:([a-z0-9]+)-)?(\d{1,15})$/i.exec(value) ?? [];
  const isOurs = key === undefined || key.toLowerCase() === team;
  return digits !== undefined && isOurs ? Number(digits) : NO_SUCH_TASK;
}

function openIn(path: string, search: URLSearchParams, team: string): number | null {
  return teamIn(path) === team ? taskNumber(search.get('task'), team) : null;
}

function hrefIn(path: string, search: URLSearchParams, team: string, task: number): string {
  if (!path.endsWith('/board') && !path.endsWith('/list')) return taskPath(team, task);
  const next = new URLSearchParams(search);
  next.set('task', String(task));
  return `${path}?${next.toString()}`;
}

/** Where a card or row leads, and whether its task is open. Of all cards, only those that this changes are drawn anew. */
export function useTaskLink(team: string, task: number): { href: string; isOpen: boolean } {
  const href = useLocationProperty(() => hrefIn(location.pathname, new URLSearchParams(location.search), team, task));
  const isOpen = useLocationProperty(
    () => location.search !== '' && openIn(location.pathname, new URLSearchParams(location.search), team) === task,
  );
  return { href, isOpen };
}

/** The number of the open task, and how to open another or none, staying on the board or list with its filters. */
export function useOpenTask(team: string) {
  const [path, navigate] = useLocation();
  const [search] = useSearchParams();
  const number = openIn(path, search, team);
  const href = useCallback((task: number) => hrefIn(path, search, team, task), [path, search, team]);
  const openTask = useCallback((task: number) => navigate(href(task)), [href, navigate]);
  const closeTask = useCallback(() => {
    const next = new URLSearchParams(location.search);
    next.delete('task');
    const rest = next.toString();
    navigate(rest === '' ? path : `${path}?${rest}`);
  }, [navigate, path]);
  return { number, openTask, closeTask };
}

/** The filters and order that each team's board and list had last, in this tab. */
const lastSearch = createStore<ReadonlyMap<string, string>>(new Map());

/** Remembers them. */
export function keepSearch(team: string, path: string, search: string): void {
  if (path !== teamPath(team, 'board') && path !== teamPath(team, 'list')) return;
  const kept = new URLSearchParams(search);
  kept.delete('task');
  const text = kept.toString();
  lastSearch.set((now) => ((now.get(team) ?? '') === text ? now : new Map(now).set(team, text)));
}

/** The board or list of a team, with the filters and order that were last in use there. */
export function tasksPath(team: string, view: 'board' | 'list'): string {
  const search = lastSearch.get().get(team) ?? '';
  return search === '' ? teamPath(team, view) : `${teamPath(team, view)}?${search}`;
}

/** `tasksPath`, drawn anew when the filters or the order change. */
export function useTasksPath(team: string, view: 'board' | 'list'): string {
  return useStore(lastSearch, () => tasksPath(team, view));
}
