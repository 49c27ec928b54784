/** Sends again what was on its way when the page was reloaded or the session ended. */
import type { Task } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { create } from './create.ts';
import { taskCreated } from './created.ts';
import { leftOver } from './unsent.ts';

/** From now on, at every sign-in. */
export function resumeUnsent(): void {
  let user: string | null = null;
  const look = () => {
    const now = session.get();
    const next = now.phase === 'in' ? now.user.id : null;
    if (next !== null && next !== user) for (const one of leftOver()) resume(one);
    user = next;
  };
  session.subscribe(look);
  look();
}

function resume({ key, path, body, what, kind, from }: ReturnType<typeof leftOver>[number]): void {
  const team = /\/teams\/([^/]+)\//.exec(path)?.[1];
  const done = (value: unknown) => (kind === 'task' && team !== undefined ? taskCreated(team, value as Task) : undefined);
  void create<unknown>({ key, path, body, what, kind, done, holds: true, ...(from !== undefined && { from }) });
}
