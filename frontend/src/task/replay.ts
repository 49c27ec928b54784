/** Does again what was begun before the page was loaded, and whose outcome isn't known: see ../outcomes/held.ts. */
import type { QueryClient } from '@tanstack/react-query';
import type { Comment, Task, TaskPatch } from '../api/types.ts';
import { settleDraft } from '../drafts/drafts.ts';
import type { LeftOver } from '../outcomes/held.ts';
import { actionsOn, type Place, type Sending } from './actions.ts';
import { saveOver, tickDescription, type Wanted } from './guarded.ts';
import type { Box } from './MarkdownNodes.tsx';
import { actionsOn as commentActions, editScope } from './useComments.ts';

interface OfTask {
  team: string;
  task: Task;
}

interface OfComment {
  team: string;
  task: string;
  me: string;
  comment: Comment;
}

interface Args {
  patch: OfTask & { fields: TaskPatch };
  move: OfTask & { place: Place };
  remove: OfTask;
  text: OfTask & { wanted: Wanted };
  tick: OfTask & { box: Box };
  'edit-comment': OfComment & { body: string; base: string };
  'remove-comment': OfComment;
}

type How = Required<Sending>;

type Replays = { [Kind in keyof Args]: (client: QueryClient, args: Args[Kind], how: How) => Promise<unknown> };

const REPLAYS: Replays = {
  patch: (client, { team, task, fields }, how) => actionsOn(client, team, how).patch(task, fields),
  move: (client, { team, task, place }, how) => actionsOn(client, team, how).move(task, place),
  remove: (client, { team, task }, how) => actionsOn(client, team, how).remove(task),
  text: (client, { team, task, wanted }) => saveOver(client, team, task, wanted),
  tick: (client, { team, task, box }) => tickDescription(client, team, task, box),
  async 'edit-comment'(client, { team, task, me, comment, body, base }) {
    const isSaved = await commentActions(client, team, task, me).edit(comment, body, base);
    if (isSaved) settleDraft(editScope(comment), body, { version: 0, text: body }, (text) => text.trim());
  },
  'remove-comment': (client, { team, task, me, comment }, how) => commentActions(client, team, task, me, how).remove(comment),
};

/** In their order. */
export function replay(client: QueryClient, all: readonly LeftOver[]): void {
  for (const { change, isSent } of all) {
    const { kind, args } = change;
    if (!Object.hasOwn(REPLAYS, kind)) continue;
    const run = REPLAYS[kind as keyof Args] as (client: QueryClient, args: object, how: How) => Promise<unknown>;
    void run(client, args, { leftOver: isSent ? 'sent' : 'unsent' });
  }
}
