import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'wouter';

/** Where in a team the page is; the open task stands in the address as `?task=42`. */
export type View = 'board' | 'list' | 'dashboard' | 'team';

export function teamPath(team: string, view: View): string {
  return `/t/${team}/${view}`;
}

export function taskPath(team: string, number: number, view: 'board' | 'list' = 'board'): string {
  return `${teamPath(team, view)}?task=${number}`;
}

/** The team in a path, if it names one. */
export function teamIn(path: string): string | undefined {
  return /^\/t\/([a-z0-9]+)/.exec(path)?.[1];
}

const LAST_TEAM = 'taskhub.team';

export function lastTeam(): string | null {
  try {
    return localStorage.getItem(LAST_TEAM);
  } catch {
    return null;
  }
}

export function keepLastTeam(team: string): void {
  try {
    localStorage.setItem(LAST_TEAM, team);
  } catch {
    // Without storage, the first team is where one lands.
  }
}

/** The number of the open task, and how to open another or none, staying on the board or list with its filters. */
export function useOpenTask(team: string) {
  const [path, navigate] = useLocation();
  const [search] = useSearchParams();
  const digits = search.get('task');
  const number = digits !== null && /^\d+$/.test(digits) ? Number(digits) : null;
  const isTasks = path.endsWith('/board') || path.endsWith('/list');
  const href = useCallback(
    (task: number) => {
      if (!isTasks) return taskPath(team, task);
      const next = new URLSearchParams(search);
      next.set('task', String(task));
      return `${path}?${next.toString()}`;
    },
    [isTasks, path, search, team],
  );
  const openTask = useCallback((task: number) => navigate(href(task)), [href, navigate]);
  const closeTask = useCallback(() => {
    const next = new URLSearchParams(location.search);
    next.delete('task');
    const rest = next.toString();
    navigate(rest === '' ? path : `${path}?${rest}`);
  }, [navigate, path]);
  return { number, href, openTask, closeTask };
}
