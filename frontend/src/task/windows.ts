/** The windows of a team: which have been read how far, and what each shows. */
import type { Task } from '../api/types.ts';
import { isFiltering, toQuery, type TaskQuery } from '../list/filters.ts';
import { readPage, type TaskPage } from './read.ts';
import { countedFor, type Counted } from './tallies.ts';
import type { TeamTasks } from './team-tasks.ts';
import { find, isEqual, keyOf, momentOf, NOTHING_KEPT, ruleOf, shownNow, type Found, type Rule, type WindowSpec } from './window.ts';

/** Rows of a window's first page, and of each further one. */
export const FIRST_PAGE = 50;
export const PAGE = 100;
/** Rows that are read again at once when everything is read anew. */
const MOST_AGAIN = 1_000;
/** Reads that may bring an older state than what is held, before it is taken anyway. */
const MOST_OLD = 3;
/** A search on the server waits until typing pauses. */
const TYPING_MS = 200;
/** Windows that nobody shows any more, but which may be wanted again. */
const MOST_UNUSED = 24;

export interface WindowView {
  tasks: readonly Task[];
  /** How many there are on the server; undefined while that isn't known. */
  total: number | undefined;
  /** Tasks that are shown although the filter would hide them: the user has just made them. */
  kept: ReadonlySet<string>;
  /** The first page isn't there yet; `tasks` may hold what fits of the tasks that are. */
  isPending: boolean;
  /** There is nothing more to read. */
  isComplete: boolean;
  isReading: boolean;
  error: unknown;
}

interface State {
  spec: WindowSpec;
  counted: Counted;
  key: string;
  rule: Rule;
  /** Null if no task can match. */
  query: TaskQuery | null;
  /** The last row that was read: all tasks up to it are held. */
  boundary: Task | null;
  cursor: string | undefined;
  isRead: boolean;
  isComplete: boolean;
  reading: AbortController | null;
  error: unknown;
  /** Rows to show; more are read while there are fewer. */
  wanted: number;
  watchers: number;
  /** Not to be read before. */
  notBefore: number;
  /** What was shown before everything is read anew. */
  frozen: readonly Task[] | null;
  found: Found | null;
  shown: { inputs: readonly unknown[]; tasks: readonly Task[]; kept: ReadonlySet<string> } | null;
  view: WindowView | null;
}

const NOTHING_HELD: ReadonlyMap<string, Task> = new Map();

export class Windows {
  readonly #of: TeamTasks;
  readonly #all = new Map<string, State>();

  constructor(of: TeamTasks) {
    this.#of = of;
  }

  #state(spec: WindowSpec): State {
    const key = keyOf(spec);
    const known = this.#all.get(key);
    if (known !== undefined) return known;
    const { filters, status } = spec;
    const query = toQuery(status === undefined ? filters : { ...filters, statuses: [status] }, momentOf(spec));
    const isShut = query === null || (filters.statuses.length > 0 && status !== undefined && !filters.statuses.includes(status));
    const state: State = {
      spec,
      counted: countedFor(spec),
      key,
      rule: ruleOf(spec),
      query: isShut ? null : query,
      boundary: null,
      cursor: undefined,
      isRead: isShut,
      isComplete: isShut,
      reading: null,
      error: null,
      wanted: FIRST_PAGE,
      watchers: 0,
      notBefore: 0,
      frozen: null,
      found: null,
      shown: null,
      view: null,
    };
    this.#all.set(key, state);
    return state;
  }

  /** Reads the window for as long as it is shown; call what it gives when it isn't any more. */
  watch(spec: WindowSpec): () => void {
    const state = this.#state(spec);
    if (state.watchers++ === 0 && state.query?.q !== undefined && !state.isRead) {
      state.notBefore = Date.now() + TYPING_MS;
      setTimeout(() => this.readOn(), TYPING_MS + 1);
    }
    this.#of.changed();
    return () => {
      if (--state.watchers > 0) return;
      state.reading?.abort();
      this.#prune();
    };
  }

  #prune(): void {
    const unused = [...this.#all.values()].filter(({ watchers, spec }) => watchers === 0 && isFiltering(spec.filters));
    for (const { key } of unused.slice(0, Math.max(0, unused.length - MOST_UNUSED))) this.#all.delete(key);
  }

  loadMore(spec: WindowSpec): void {
    const state = this.#state(spec);
    if (!state.isRead || state.reading !== null || state.error !== null || this.#isComplete(state)) return;
    state.wanted = Math.max(state.wanted, this.view(spec).tasks.length + PAGE);
    this.#of.changed();
  }

  retry(): void {
    for (const state of this.#all.values()) state.error = null;
    this.#of.changed();
  }

  /** A window is complete when it was read to its end, or every task of its statuses is held. */
  #isComplete(state: State): boolean {
    if (state.isComplete) return true;
    if (!isFiltering(state.spec.filters) && state.spec.status === undefined) return false;
    for (const { spec, isComplete } of this.#all.values()) {
      if (!isComplete || isFiltering(spec.filters)) continue;
      if (spec.status === undefined || spec.status === state.spec.status) return true;
    }
    return false;
  }

  get isReading(): boolean {
    return [...this.#all.values()].some(({ reading }) => reading !== null);
  }

  /** The ids of all tasks that a window shows, or would show if it came back on the screen. */
  used(): Set<string> {
    const states = [...this.#all.values()].filter((state) => state.isRead || this.#isComplete(state));
    return new Set(states.flatMap((state) => this.#shown(state, this.#isComplete(state)).tasks.map(({ id }) => id)));
  }

  /** Whether everything in use has been read again. */
  get isSettled(): boolean {
    return [...this.#all.values()].every((state) => {
      if (state.frozen === null || state.watchers === 0) return true;
      this.#shown(state, this.#isComplete(state));
      return state.isRead;
    });
  }

  /** How far everything in use has been read; `failed` if the rest can't be read now. */
  get reach(): 'whole' | 'reading' | 'failed' {
    const open = [...this.#all.values()].filter((state) => state.watchers > 0 && !this.#isComplete(state));
    if (open.length === 0) return 'whole';
    return open.every(({ error }) => error !== null) ? 'failed' : 'reading';
  }

  /** Resolves when a window that is being read has brought its first answer; at once if none is. */
  async firstAnswer(): Promise<void> {
    const isReading = () => {
      this.readOn();
      return this.isReading;
    };
    while (this.#of.collection.revision === null && isReading()) {
      await new Promise<void>((resolve) => {
        const stop = this.#of.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  view(spec: WindowSpec): WindowView {
    const state = this.#state(spec);
    const isComplete = this.#isComplete(state);
    const { tasks, kept } = this.#shown(state, isComplete);
    const next: WindowView = {
      tasks,
      total: this.#total(state, isComplete, tasks.length - kept.size),
      kept,
      isPending: !state.isRead && !isComplete && state.frozen === null,
      isComplete,
      isReading: state.reading !== null,
      error: state.error,
    };
    const before = state.view;
    const isSame = before !== null && (Object.keys(next) as (keyof WindowView)[]).every((name) => before[name] === next[name]);
    if (!isSame) state.view = next;
    return state.view ?? next;
  }

  #total(state: State, isComplete: boolean, shown: number): number | undefined {
    return isComplete ? shown : this.#of.tallies.total(state.counted, state.spec.status);
  }

  /** Nothing of its status has been read: the single tasks that may be held don't look like a list. */
  #isFirst(state: State, isComplete: boolean): boolean {
    if (state.isRead || isComplete) return false;
    const { status } = state.spec;
    return ![...this.#all.values()].some(({ isRead, spec }) => isRead && (status === undefined || spec.status === status));
  }

  #shown(state: State, isComplete: boolean): { tasks: readonly Task[]; kept: ReadonlySet<string> } {
    const { collection, own, changes } = this.#of;
    const boundary = isComplete || !state.isRead ? null : state.boundary;
    state.found = find(this.#isFirst(state, isComplete) ? NOTHING_HELD : collection.byId, state.rule, state.found);
    if (state.frozen !== null) {
      const isThere = isComplete || (state.isRead && state.found.tasks.length >= Math.min(state.frozen.length, MOST_AGAIN));
      if (!isThere) return { tasks: state.frozen, kept: NOTHING_KEPT };
      state.frozen = null;
    }
    const isExempt = own.size > 0 || changes.length > 0;
    const inputs = [state.found.tasks, boundary, own, changes, isExempt ? collection.byId : null];
    const before = state.shown;
    if (before?.inputs.every((input, n) => input === inputs[n])) return before;
    const { tasks, kept } = shownNow(state.found, state.rule, boundary, own, changes);
    const isSame = before !== null && isEqual(before.tasks, tasks);
    state.shown = { inputs, tasks: isSame ? before.tasks : tasks, kept: isSame && before.kept.size === kept.size ? before.kept : kept };
    return state.shown;
  }

  /** Reads what the windows in use are short of. */
  readOn(): void {
    for (const state of this.#all.values()) {
      if (state.watchers === 0 || state.reading !== null || state.error !== null || this.#isComplete(state)) continue;
      if (Date.now() < state.notBefore || (state.isRead && this.#length(state) >= state.wanted)) continue;
      void this.#read(state);
    }
  }

  #length(state: State): number {
    const { tasks, kept } = this.#shown(state, false);
    return state.frozen === null ? tasks.length - kept.size : (state.found?.tasks.length ?? 0);
  }

  async #read(state: State): Promise<void> {
    const reading = new AbortController();
    state.reading = reading;
    const signal = AbortSignal.any([reading.signal, this.#of.signal]);
    try {
      const page = await this.#page(state, signal);
      signal.throwIfAborted();
      state.boundary = page.items.at(-1) ?? state.boundary;
      state.cursor = page.next;
      state.isComplete = page.next === undefined;
      state.isRead = true;
      state.reading = null;
      this.#of.take(page.items, page.revision);
    } catch (error) {
      if (state.reading !== reading) return;
      state.reading = null;
      if (!signal.aborted) state.error = error;
      this.#of.changed();
    }
  }

  async #page({ query, spec, cursor, isRead }: State, signal: AbortSignal): Promise<TaskPage> {
    const limit = isRead ? PAGE : FIRST_PAGE;
    for (let tries = 1; ; tries++) {
      const asked = { ...query, sort: spec.order, limit, ...(cursor !== undefined && { cursor }) };
      const page = await readPage(this.#of.team, asked, signal);
      if (tries >= MOST_OLD || !this.#of.isTooOld(page.revision)) return page;
    }
  }

  renew(): void {
    for (const state of this.#all.values()) {
      if (state.watchers === 0) {
        this.#all.delete(state.key);
        continue;
      }
      const { tasks } = this.view(state.spec);
      state.reading = null;
      if (state.query === null) continue;
      Object.assign(state, { boundary: null, cursor: undefined, isRead: false, isComplete: false, error: null, found: null });
      state.frozen = tasks.length > 0 ? tasks : null;
      state.wanted = Math.max(FIRST_PAGE, Math.min(tasks.length, MOST_AGAIN));
    }
  }

  /** What is shown needs the server's counts: there is more than what is held, or nothing is held on purpose. */
  needsCounts(spec: WindowSpec): boolean {
    const state = this.#state(spec);
    return !this.#isComplete(state) && (state.isRead || state.watchers === 0);
  }
}
