import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Label, Member } from '../api/types.ts';
import { useNow } from '../i18n/clock.ts';
import { t } from '../i18n/index.ts';
import { isMember, labelsQuery, peopleQuery, type Person } from './queries.ts';
import type { TaskView } from './singles.ts';
import { tasksOf, type TeamTasks } from './team-tasks.ts';
import { keyOf, type WindowSpec } from './window.ts';
import type { WindowView } from './windows.ts';

export interface TaskWindow extends WindowView {
  loadMore: () => void;
  retry: () => void;
}

export interface WantedWindow extends WindowSpec {
  /** A folded column or group is only counted. */
  isFolded?: boolean;
}

/** Looks at the windows; gives the same objects for what hasn't changed, as React compares them. */
function looking(tasks: TeamTasks, specs: readonly WantedWindow[]): () => readonly TaskWindow[] {
  let before: readonly TaskWindow[] = [];
  const views = new Map<WindowView, TaskWindow>();
  return () => {
    const now = specs.map((spec) => {
      const view = tasks.window(spec);
      let window = views.get(view);
      if (window === undefined) {
        window = { ...view, loadMore: () => tasks.windows.loadMore(spec), retry: () => tasks.retry() };
        views.set(view, window);
      }
      return window;
    });
    if (now.length !== before.length || now.some((window, n) => window !== before[n])) {
      before = now;
      const shown = new Set(now);
      for (const [view, window] of views) if (!shown.has(window)) views.delete(view);
    }
    return before;
  };
}

/** Over midnight, filters of due dates find other tasks. */
function useOfDay(specs: readonly WantedWindow[]): readonly WantedWindow[] {
  const day = useNow('day');
  const isOfDay = ({ filters: { due, not } }: WantedWindow) => due.length > 0 || not.due.length > 0;
  return specs.map((spec) => (isOfDay(spec) ? { ...spec, day } : spec));
}

/** Several windows on a team's tasks, each read as far as it is shown. The same objects for what hasn't changed. */
export function useTaskWindows(team: string, specs: readonly WantedWindow[]): readonly TaskWindow[] {
  const tasks = tasksOf(useQueryClient(), team);
  const wanted = useOfDay(specs);
  const key = wanted.map((spec) => `${spec.isFolded === true} ${keyOf(spec)}`).join('\n');
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key holds all of it
  const windows = useMemo(() => wanted, [key]);
  useEffect(() => {
    const stops = windows.flatMap((spec) => [
      ...(spec.isFolded === true ? [] : [tasks.windows.watch(spec)]),
      tasks.tallies.watch(spec),
    ]);
    // The palette searches without a status; the board and the list have one filter.
    if (windows[0]?.status !== undefined) tasks.filterBy(windows[0].filters);
    tasks.changed();
    return () => stops.forEach((stop) => stop());
  }, [tasks, windows]);
  const look = useMemo(() => looking(tasks, windows), [tasks, windows]);
  return useSyncExternalStore(tasks.subscribe, look);
}

export function useTaskWindow(team: string, spec: WantedWindow): TaskWindow {
  const [window] = useTaskWindows(team, [spec]);
  if (window === undefined) throw new Error('A window has a view.');
  return window;
}

/** How many tasks several windows have together; undefined while that isn't known. */
export function totalOf(windows: readonly WindowView[]): number | undefined {
  let sum = 0;
  for (const { total } of windows) {
    if (total === undefined) return undefined;
    sum += total;
  }
  return sum;
}

/** One task, by its id or its number, whether or not a window holds it. */
export function useTask(team: string, ref: string | number): TaskView & { retry: () => void } {
  const tasks = tasksOf(useQueryClient(), team);
  useEffect(() => tasks.singles.watch(ref), [tasks, ref]);
  const view = useSyncExternalStore(
    tasks.subscribe,
    useCallback(() => tasks.task(ref), [tasks, ref]),
  );
  return useMemo(() => ({ ...view, retry: () => tasks.retry() }), [view, tasks]);
}

const NO_LABELS: Label[] = [];
const NO_PEOPLE: Person[] = [];

export interface Directory {
  labels: readonly Label[];
  /** Who is in the team now. */
  members: readonly Member[];
  /** Who was in the team. */
  former: readonly Person[];
  label: (id: string) => Label | undefined;
  /** Undefined for somebody who isn't in the team. */
  member: (id: string) => Member | undefined;
  /**
   * The name of somebody who is or was in the team, with the address where another has the same name; neutral while that
   * isn't known.
   */
  nameOf: (id: string) => string;
}

/** Who and what the ids in tasks mean. */
export function useDirectory(team: string): Directory {
  const labels = useQuery(labelsQuery(team)).data ?? NO_LABELS;
  const people = useQuery(peopleQuery(team)).data ?? NO_PEOPLE;
  return useMemo(() => directoryOf(labels, people), [labels, people]);
}

/** Whom one can choose among: the members, and who is chosen but has left the team. */
export function choosable({ members, member }: Directory, chosen: readonly string[]): string[] {
  return [...members.map(({ user }) => user.id), ...chosen.filter((id) => member(id) === undefined)];
}

export function directoryOf(labels: readonly Label[], people: readonly Person[]): Directory {
  const labelById = new Map(labels.map((label) => [label.id, label]));
  const personById = new Map(people.map((person) => [person.user.id, person]));
  const members = people.filter(isMember);
  const former = people.filter((person) => !isMember(person));
  const memberById = new Map(members.map((member) => [member.user.id, member]));
  const names = new Set<string>();
  const shared = new Set(people.map(({ user }) => user.name).filter((name) => names.has(name) || !names.add(name)));
  const nameOf = (id: string) => {
    const person = personById.get(id);
    if (person === undefined) return t('common.unknownPerson');
    const { name, email } = person.user;
    const shown = isMember(person) ? name : t('common.leftMember', { name });
    return shared.has(name) && email !== null ? t('common.namesake', { name: shown, email }) : shown;
  };
  return { labels, members, former, label: (id) => labelById.get(id), member: (id) => memberById.get(id), nameOf };
}
