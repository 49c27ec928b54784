/** Sends again what was on its way when the page was reloaded or the session ended. */
import type { QueryClient } from '@tanstack/react-query';
import type { Invitation, Label, Task, Team } from '../api/types.ts';
import { session } from '../auth/session.ts';
import { drafts, flushDrafts, getDraft, setDraft } from '../drafts/drafts.ts';
import { readAnew } from '../live/readAnew.ts';
import { keepLink } from '../team/links.ts';
import { later, loadPatiently } from '../ui/later.ts';
import { create } from './create.ts';
import { invitationCreated, labelCreated, taskCreated, teamCreated, type Said } from './created.ts';
import { isAnyHeld, takeLeftOver } from './held.ts';
import { beat, BEAT_MS, isAnyLeft, leftOver, type Unsent } from './unsent.ts';

const loadReplay = later(() => import('../task/replay.ts'));

/** What another page has left is taken over only after this time: it may have been reloaded, and then goes on by itself. */
const GRACE_MS = 5_000;

/** From now on, at every sign-in, and when another page has ended. */
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
  // A page may be closed so slowly that the next one has begun without what it leaves.
  let isDue = false;
  drafts.subscribe(() => {
    if (isDue || user === null || !isAnyLeft()) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (user !== null) resumeAll(client, GRACE_MS);
    }, GRACE_MS);
  });
  let beatAt = Date.now();
  setInterval(() => {
    beat();
    // After a sleep, other pages first have to say that they are still there.
    const wasAsleep = Date.now() - beatAt > 3 * BEAT_MS;
    beatAt = Date.now();
    if (!wasAsleep && user !== null) resumeAll(client, GRACE_MS);
  }, BEAT_MS);
}

function resumeAll(client: QueryClient, graceMs = 0): void {
  for (const one of leftOver(graceMs)) void resume(client, one);
  // No other page takes it, too.
  flushDrafts();
  if (!isAnyHeld(graceMs)) return;
  // What is held is taken once its code is there: it stays held until that can be loaded.
  void loadPatiently(loadReplay).then((loaded) => {
    loaded?.replay(client, takeLeftOver(graceMs));
    flushDrafts();
  });
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
