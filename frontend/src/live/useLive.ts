import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { asProblem } from '../api/problem.ts';
import type { Team } from '../api/types.ts';
import { drafts, wholeText } from '../drafts/drafts.ts';
import { t } from '../i18n/index.ts';
import { copyOrShow } from '../outcomes/save.ts';
import { teamIn } from '../shell/address.ts';
import { go } from '../shell/history.ts';
import { releaseTasks, tasksOf } from '../task/team-tasks.ts';
import { endFirstVisit } from '../team/firstVisit.ts';
import { later, loadPatiently, NotLoaded } from '../ui/later.ts';
import { sayNotLoaded } from '../ui/notLoaded.ts';
import { toast } from '../ui/toasts.ts';
import { applyEvents, refreshMembers } from './apply.ts';
import { readAnew } from './readAnew.ts';
import { liveState } from './state.ts';
import { pause, waitBefore } from './wait.ts';

/** The first screen is drawn without it. */
const loadStream = later(() => import('./stream.ts'));

/** Keeps what the page holds of a team as the team's log has it. */
export function useLive(team: string, me: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    liveState.set('connecting');
    // The user may have joined it again.
    leaving.delete(team);
    release(client, team);
    void followTeam(client, team, me, stop.signal);
    const onVisible = () => {
      if (document.visibilityState === 'visible') void refreshMembers(client, team);
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stop.abort();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [client, team, me]);
}

/** One team is open at a time; what was held of others goes. */
function release(client: QueryClient, team: string): void {
  releaseTasks(client, team);
  client.removeQueries({ predicate: ({ queryKey: [kind, of] }) => kind === 'team' && of !== team, type: 'inactive' });
}

async function followTeam(client: QueryClient, team: string, me: string, signal: AbortSignal): Promise<void> {
  const [stream, since] = await Promise.all([streamPart(signal), firstRevision(client, team, signal)]);
  if (stream === undefined || since === null) return;
  await stream.follow({
    team,
    since,
    onEvents: (events) => applyEvents(client, team, events, me),
    onState: (state) => {
      if (state === liveState.get()) return;
      liveState.set(state);
      if (state === 'live' || state === 'asking') tasksOf(client, team).retry();
    },
    onMembers: () => {
      if (leaving.has(team)) return;
      void refreshMembers(client, team);
      // Who joined had an invitation, which is used now.
      void readAnew(client, ['team', team, 'invitations']);
    },
    onReload: async (why) => {
      const revision = tasksOf(client, team).renew();
      // Comments and history of a log that is gone aren't true any more; the rest is read over what is there.
      if (why === 'log-reset') client.removeQueries({ queryKey: ['team', team, 'task'], type: 'inactive' });
      void readAnew(client, ['team', team]);
      void readAnew(client, ['teams']);
      return revision;
    },
    onGone: () => {
      // Its screen is left when the answer is there; until then nothing of it can be read any more.
      if (leaving.has(team)) return;
      sayGone(client, team, me);
      void readAnew(client, ['teams']);
      client.removeQueries({ queryKey: ['team', team] });
      releaseTasks(client);
    },
    signal,
  });
}

/** Undefined if the user has gone meanwhile, or there is another release of the page, which it says. */
async function streamPart(signal: AbortSignal) {
  try {
    return await loadPatiently(loadStream, signal);
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    sayNotLoaded(error, () => undefined);
    return undefined;
  }
}

/** Teams that the user leaves by themselves, which says so. */
export const leaving = new Set<string>();

/** Somebody has removed the user: says so, and shows another team. */
function sayGone(client: QueryClient, team: string, me: string): void {
  const teams = client.getQueryData<Team[]>(['teams']);
  const name = teams?.find(({ key }) => key === team)?.name;
  if (name === undefined) return;
  // Whoever was in a team isn't new, even if only their own is left.
  endFirstVisit(me);
  client.setQueryData<Team[]>(['teams'], (now) => now?.filter(({ key }) => key !== team));
  sayNoLonger(name, unsavedIn(client, team));
  if (teamIn(location.pathname) === team) go('/');
}

/** What the user was writing in the team is nowhere else on the screen now. */
function sayNoLonger(team: string, unsaved: string): void {
  const said = { kind: 'info', text: t('team.noLonger', { team }), stays: true } as const;
  if (unsaved === '') {
    toast({ ...said, detail: t('team.noLongerText') });
    return;
  }
  const copy = { label: t('common.copy'), run: () => void copyOrShow(unsaved) };
  toast({ ...said, detail: `${t('team.noLongerText')} ${t('task.keptText')}: ${t('task.quoted', { title: unsaved })}`, actions: [copy], holds: unsaved });
}

/** The texts for the team's tasks, and for new ones. */
function unsavedIn(client: QueryClient, team: string): string {
  const { byId } = tasksOf(client, team).collection;
  const isOfTeam = (scope: string) => {
    const [kind = '', ...ids] = scope.split(':');
    return TEXTS.has(kind) && ids.some((id) => id === team || byId.has(id));
  };
  return [...drafts.get()].filter(([scope]) => isOfTeam(scope)).map(([, draft]) => wholeText(draft)).join('\n\n');
}

const TEXTS = new Set(['title', 'description', 'comment', 'comment-edit', 'new-task', 'quick']);

/** Null if the team isn't the caller's; otherwise asked for until it is known. */
async function firstRevision(client: QueryClient, team: string, signal: AbortSignal): Promise<number | null> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await tasksOf(client, team).revision();
    } catch (error) {
      const { status } = asProblem(error);
      if (status === 404 || status === 403) return null;
      liveState.set(navigator.onLine && status !== 0 ? 'connecting' : 'offline');
    }
    await pause(waitBefore(attempt), signal);
  }
  return null;
}
