/** Moving several tasks to one place of the board, in their order. */
import type { Status, Task } from '../api/types.ts';
import { slots } from '../outcomes/turns.ts';
import type { TaskActions } from './actions.ts';
import { keyBetween } from './position.ts';

interface Between {
  before?: Task;
  after?: Task;
}

/**
 * All are begun at once, as each of them is shown and kept from then on. They are sent one by one: each comes after the one
 * before it, which the server must have moved by then.
 */
export function moveAll(actions: TaskActions, tasks: readonly Task[], status: Status, { before, after }: Between): void {
  const slot = slots(1);
  let last = after;
  for (const task of tasks) {
    void actions.move(task, { status, ...(before && { before }), ...(last && { after: last }) }, slot);
    last = { ...task, status, position: keyBetween(last?.position ?? '', before?.position ?? '') };
  }
}
