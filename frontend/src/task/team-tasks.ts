/**
 * What the page holds of a team's tasks: the collection, the windows on it that are shown, their counts, and tasks that
 * are read by themselves. It reads what is missing; the team's log keeps it up to date.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Task, TeamEvent } from '../api/types.ts';
import type { Filters } from '../list/filters.ts';
import { noticeOwn } from '../live/notice.ts';
import { createStore } from '../ui/store.ts';
import { EMPTY, withEvents, withoutTasks, withoutUnused, withTasks, type Collection } from './collection.ts';
import { pending, type Pending } from './pending.ts';
import { readRevision } from './read.ts';
import { Singles, type TaskView } from './singles.ts';
import { Tallies } from './tallies.ts';
import type { Own, WindowSpec } from './window.ts';
import { Windows, type WindowView } from './windows.ts';

const NO_CHANGES: readonly Pending[] = [];
/** What the user has just made or moved, at most; the oldest go. */
const MOST_OWN = 50;
/**
 * Every task that an event names is held, so that no page misses its change. Of those that nothing shows, so many may be
 * needed again soon or be in a page on its way; the rest would only fill the memory. Between these looks, as many may come.
 */
const MOST_UNUSED = 1_000;

export class TeamTasks {
  readonly team: string;
  readonly windows: Windows;
  readonly tallies: Tallies;
  readonly singles: Singles;
  #collection: Collection = EMPTY;
  /** What was held before everything is read anew, for tasks that haven't been read again yet. */
  #before: Collection = EMPTY;
  #own: Own = new Map();
  /** The filter of the board or the list. */
  #filter: string | null = null;
  #changes = NO_CHANGES;
  #changesOf: readonly Pending[] | null = null;
  /** The revision from which on every event has been applied; null while the log isn't followed. */
  #followedFrom: number | null = null;
  /** Answers to what was asked before everything is read anew are dropped. */
  #stop = new AbortController();
  readonly #version = createStore(0);
  #isDue = false;
  readonly #mostUnused: number;
  /** So many held tasks are looked through for those that nothing uses. */
  #crowdedFrom: number;
  readonly #overlays = new WeakMap<Task, { changes: readonly Pending[]; task: Task | undefined }>();

  constructor(team: string, mostUnused = MOST_UNUSED) {
    this.team = team;
    this.#mostUnused = mostUnused;
    this.#crowdedFrom = 2 * mostUnused;
    this.windows = new Windows(this);
    this.tallies = new Tallies(this);
    this.singles = new Singles(this);
  }

  get collection(): Collection {
    return this.#collection;
  }

  get own(): Own {
    return this.#own;
  }

  /** Aborts when everything is read anew, or the team is left. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stops = [this.#version.subscribe(listener), pending.subscribe(listener)];
    return () => stops.forEach((stop) => stop());
  };

  /** The user's changes in this team that the server hasn't answered yet. */
  get changes(): readonly Pending[] {
    const all = pending.get();
    if (this.#changesOf !== all) {
      this.#changesOf = all;
      const mine = all.filter(({ team, arrivedAs }) => team === this.team && arrivedAs === undefined);
      this.#changes = mine.length === 0 ? NO_CHANGES : mine;
    }
    return this.#changes;
  }

  /** Those of these tasks that are held, as the user is to see them. */
  several(ids: readonly string[]): Task[] {
    return ids.map((id) => this.get(id)).filter((task) => task !== undefined);
  }

  /** The task as the user is to see it; undefined if it isn't held, or is being deleted. */
  get(ref: string | number): Task | undefined {
    return this.#shown(this.#collection, ref) ?? (this.singles.isGone(ref) ? undefined : this.#shown(this.#before, ref));
  }

  #shown({ byId }: Collection, ref: string | number): Task | undefined {
    const task = typeof ref === 'string' ? byId.get(ref) : byNumber(byId, ref);
    const { changes } = this;
    if (changes.length === 0) return task;
    const added = changes.find(({ change }) => change.kind === 'add' && change.task.id === ref)?.change;
    return this.#overlaid(task ?? (added?.kind === 'add' ? added.task : undefined), changes);
  }

  /** The same object for the same task and changes: React compares it. */
  #overlaid(task: Task | undefined, changes: readonly Pending[]): Task | undefined {
    if (task === undefined) return undefined;
    const known = this.#overlays.get(task);
    if (known?.changes === changes) return known.task;
    let now: Task | undefined = task;
    for (const { change } of changes) {
      if (change.kind === 'add' || change.task !== task.id) continue;
      now = change.kind === 'remove' ? undefined : now && { ...now, ...change.fields };
    }
    this.#overlays.set(task, { changes, task: now });
    return now;
  }

  /** Tasks as a page or a single read has brought them; `revision` is the team's at that time. */
  take(tasks: readonly Task[], revision: number | null): void {
    const now = withTasks(this.#collection, tasks);
    const at = this.#collection.revision;
    const known = revision === null || this.#followedFrom !== null ? at : Math.min(at ?? revision, revision);
    this.#collection = known === at ? now : { ...now, revision: known };
    this.changed();
  }

  /** Whether an answer may lack events that were applied before it came. */
  isTooOld(revision: number | null): boolean {
    return revision !== null && this.#followedFrom !== null && revision < this.#followedFrom;
  }

  /** A task as the server has answered to a change of the user's. */
  keep(task: Task, kind: 'made' | 'changed' = 'changed'): void {
    // The team was left before the answer came: no log keeps up to date what isn't read.
    if (this.#collection.revision === null && !this.#collection.byId.has(task.id)) return;
    noticeOwn(task.id);
    const now = withTasks(this.#collection, [task]);
    // Counts have gone further than an answer that an event has overtaken.
    if (now !== this.#collection) this.tallies.answer(this.#collection.byId.get(task.id), task);
    this.#collection = now;
    const own = new Map(this.#own);
    own.delete(task.id);
    own.set(task.id, this.#own.get(task.id) === 'made' ? 'made' : kind);
    for (const oldest of own.keys()) {
      if (own.size <= MOST_OWN) break;
      own.delete(oldest);
    }
    this.#own = own;
    this.changed();
  }

  /** A task that the user has deleted. */
  drop(task: Pick<Task, 'id' | 'number' | 'version'>): void {
    this.tallies.answer(this.#collection.byId.get(task.id), undefined);
    this.#collection = withoutTasks(this.#collection, [task]);
    this.changed();
  }

  /** What was made under an earlier filter is no exception from a new one. */
  filterBy(filters: Filters): void {
    const key = JSON.stringify(filters);
    const isOther = this.#filter !== null && this.#filter !== key;
    this.#filter = key;
    if (!isOther || ![...this.#own.values()].includes('made')) return;
    this.#own = new Map([...this.#own].filter(([, kind]) => kind !== 'made'));
    this.changed();
  }

  apply(events: readonly TeamEvent[]): void {
    this.tallies.apply(events);
    this.#collection = withEvents(this.#collection, events);
    this.changed();
  }

  window(spec: WindowSpec): WindowView {
    return this.windows.view(spec);
  }

  task(ref: string | number): TaskView {
    return this.singles.view(ref);
  }

  /** The revision from which the log is to be followed: that of the first answer, read by itself where no list is shown. */
  async revision(): Promise<number> {
    await this.windows.firstAnswer();
    if (this.#collection.revision === null) this.take([], await readRevision(this.team, this.signal));
    this.#followedFrom = this.#collection.revision ?? 0;
    this.singles.readAgain();
    return this.#followedFrom;
  }

  /** Everything held may be wrong: it stays in sight until it has been read anew. Gives the revision to follow from. */
  async renew(): Promise<number> {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.windows.renew();
    this.#before = this.#collection;
    this.#collection = EMPTY;
    this.#crowdedFrom = 2 * this.#mostUnused;
    this.#followedFrom = null;
    this.tallies.renew();
    this.singles.renew();
    this.changed();
    return this.revision();
  }

  /** The connection is back: what failed is read again. */
  retry(): void {
    this.tallies.retry();
    this.windows.retry();
    this.singles.retry();
  }

  release(): void {
    this.#stop.abort();
  }

  /** Forgets tasks that no window, single read or change of the user's needs. */
  #clearOut(): void {
    const { byId } = this.#collection;
    if (byId.size <= this.#crowdedFrom || this.#before !== EMPTY) return;
    // An answer on its way may be older than what would be forgotten.
    if (this.windows.isReading || !this.singles.isSettled) return;
    const used = new Set([...this.windows.used(), ...this.#own.keys()]);
    for (const { change, arrivedAs } of pending.get()) {
      used.add(change.kind === 'add' ? (arrivedAs ?? change.task.id) : change.task);
    }
    const isUsed = ({ id, number }: Task) => used.has(id) || this.singles.has(id) || this.singles.has(number);
    this.#collection = withoutUnused(this.#collection, isUsed, this.#mostUnused);
    this.#crowdedFrom = this.#collection.byId.size + this.#mostUnused;
  }

  /** Shows what has changed, and then reads what is missing for it. */
  changed(): void {
    this.#version.set((now) => now + 1);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#stop.signal.aborted) return;
      this.windows.readOn();
      this.tallies.readOn();
      this.#clearOut();
      if (this.#before !== EMPTY && this.windows.isSettled && this.singles.isSettled) this.#before = EMPTY;
    });
  }
}

const numbers = new WeakMap<ReadonlyMap<string, Task>, Map<number, Task>>();

function byNumber(byId: ReadonlyMap<string, Task>, number: number): Task | undefined {
  let index = numbers.get(byId);
  if (index === undefined) {
    index = new Map([...byId.values()].map((task) => [task.number, task]));
    numbers.set(byId, index);
  }
  return index.get(number);
}

const held = new WeakMap<QueryClient, Map<string, TeamTasks>>();

/** The tasks that the page holds of this team. */
export function tasksOf(client: QueryClient, team: string): TeamTasks {
  const teams = held.get(client) ?? new Map<string, TeamTasks>();
  held.set(client, teams);
  let tasks = teams.get(team);
  if (tasks === undefined) teams.set(team, (tasks = new TeamTasks(team)));
  return tasks;
}

/** Lets go of the tasks of every team but this one. */
export function releaseTasks(client: QueryClient, but?: string): void {
  for (const [team, tasks] of held.get(client) ?? []) {
    if (team === but) continue;
    tasks.release();
    held.get(client)?.delete(team);
  }
}
