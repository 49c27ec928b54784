/** Sends again what was on its way when the page was reloaded or the session ended. */
import type { QueryClient } from '@tanstack/react-query';
import type { Invitation, Label, Task, Team } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { getDraft, setDraft } from '../drafts/drafts.ts';
import { readAnew } from '../live/readAnew.ts';
import { keepLink } from '../team/links.ts';
import { later, loadPatiently } from '../ui/later.ts';
import { create } from './create.ts';
import { invitationCreated, labelCreated, taskCreated, teamCreated, type Said } from './created.ts';
import { isAnyHeld, takeLeftOver } from './held.ts';
import { leftOver, type Unsent } from './unsent.ts';

const loadReplay = later(() => import('../task/replay.ts'));

/** From now on, at every sign-in. */
export function resumeUnsent(client: QueryClient): void {
  let user: string | null = null;
  const look = () => {
    const now = session.get();
    const next = now.phase === 'in' ? now.user.id : null;
    if (next !== null && next !== user) resumeAll(client);
    user = next;
  };
  session.subscribe(look);
  look();
}

function resumeAll(client: QueryClient): void {
  for (const one of leftOver()) void resume(client, one);
  if (!isAnyHeld()) return;
  // What is held is taken once its code is there: it stays held until that can be loaded.
  void loadPatiently(loadReplay).then((loaded) => loaded?.replay(client, takeLeftOver()));
}

async function resume(client: QueryClient, { key, path, body, what, kind, from }: Unsent): Promise<void> {
  const team = /\/teams\/([^/]+)\//.exec(path)?.[1] ?? '';
  const done = (value: unknown) => said(team, kind, value);
  const result = await create<unknown>({ key, path, body, what, kind, done, holds: true, ...(from !== undefined && { from }) });
  if (result.kind !== 'saved') return;
  // A form keeps its text until it is saved.
  if (isOfForm(kind) && from !== undefined && getDraft(from.scope)?.text === from.draft.text) setDraft(from.scope, undefined);
  if (kind === 'invitation') keepLink(result.value as Invitation);
  if (isOfForm(kind)) await readAnew(client, kind === 'team' ? ['teams'] : ['team', team, `${kind}s`]);
}

function isOfForm(kind: Unsent['kind']): boolean {
  return kind === 'label' || kind === 'invitation' || kind === 'team';
}

function said(team: string, kind: Unsent['kind'], value: unknown): Said | undefined {
  switch (kind) {
    case 'task':
      return taskCreated(team, value as Task);
    case 'label':
      return labelCreated(value as Label);
    case 'invitation':
      return invitationCreated((value as Invitation).email);
    case 'team':
      return teamCreated(value as Team);
    default:
      return undefined;
  }
}
