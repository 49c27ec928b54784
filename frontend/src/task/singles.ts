/** Tasks that are read by themselves: opened by their address, by the inbox or by search, whatever windows hold. */
import { asProblem } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { readTask } from './read.ts';
import type { TeamTasks } from './team-tasks.ts';

export interface TaskView {
  task: Task | undefined;
  isPending: boolean;
  /** It was deleted, or never existed. */
  isGone: boolean;
  error: unknown;
}

interface Single {
  state: 'reading' | 'read' | 'gone' | 'failed';
  error: unknown;
  watchers: number;
  view: TaskView | null;
}

/** Tasks are numbered from 1. */
function canExist(ref: string | number): boolean {
  return typeof ref === 'string' || (Number.isSafeInteger(ref) && ref > 0);
}

export class Singles {
  readonly #of: TeamTasks;
  readonly #all = new Map<string | number, Single>();
  #isFollowing = false;

  constructor(of: TeamTasks) {
    this.#of = of;
  }

  watch(ref: string | number): () => void {
    const single = this.#single(ref);
    single.watchers++;
    if (this.#of.get(ref) === undefined) void this.#read(ref, single);
    return () => {
      if (--single.watchers === 0) this.#all.delete(ref);
    };
  }

  #single(ref: string | number): Single {
    let single = this.#all.get(ref);
    if (single === undefined) {
      this.#all.set(ref, (single = { state: 'read', error: null, watchers: 0, view: null }));
    }
    return single;
  }

  async #read(ref: string | number, single: Single): Promise<void> {
    if (single.state === 'reading' || !canExist(ref)) return;
    const { signal } = this.#of;
    single.state = 'reading';
    single.error = null;
    this.#of.changed();
    try {
      const task = await readTask(this.#of.team, String(ref), signal);
      if (signal.aborted) return;
      single.state = 'read';
      this.#of.take([task], null);
    } catch (error) {
      if (signal.aborted) return;
      const { status } = asProblem(error);
      single.state = status === 404 || status === 400 ? 'gone' : 'failed';
      single.error = error;
      this.#of.changed();
    }
  }

  /** Whether it is shown by itself. */
  has(ref: string | number): boolean {
    return this.#all.has(ref);
  }

  isGone(ref: string | number): boolean {
    if (!canExist(ref) || this.#all.get(ref)?.state === 'gone') return true;
    const { gone } = this.#of.collection;
    if (typeof ref === 'string') return gone.has(ref);
    return [...gone.values()].some(({ number }) => number === ref);
  }

  view(ref: string | number): TaskView {
    const single = this.#single(ref);
    const task = this.#of.get(ref);
    const isBeingDeleted = this.#of.changes.some(({ change }) => change.kind === 'remove' && this.#isRef(change.task, ref));
    const isGone = task === undefined && (isBeingDeleted || this.isGone(ref));
    const error = task === undefined && single.state === 'failed' ? single.error : null;
    const next = { task, isPending: task === undefined && !isGone && error === null, isGone, error };
    const before = single.view;
    const isSame =
      before !== null &&
      before.task === next.task &&
      before.isPending === next.isPending &&
      before.isGone === isGone &&
      before.error === error;
    if (!isSame) single.view = next;
    return single.view ?? next;
  }

  #isRef(id: string, ref: string | number): boolean {
    return id === ref || this.#of.collection.byId.get(id)?.number === ref;
  }

  /** What was read before the log is followed may lack an event in between. */
  readAgain(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    for (const [ref, single] of this.#all) {
      if (single.state === 'reading') single.state = 'read';
      if (single.state !== 'gone') void this.#read(ref, single);
    }
  }

  renew(): void {
    this.#isFollowing = false;
    for (const single of this.#all.values()) single.state = 'reading';
  }

  retry(): void {
    for (const [ref, single] of this.#all) if (single.state === 'failed') void this.#read(ref, single);
  }

  get isSettled(): boolean {
    return ![...this.#all.values()].some(({ state }) => state === 'reading');
  }
}
