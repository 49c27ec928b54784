import { Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Team, User } from '../api/types.ts';
import { useLive } from '../live/useLive.ts';
import { Settings } from '../settings/late.ts';
import { StatusPage } from '../status/late.ts';
import { clearSelection } from '../task/selection.ts';
import { TaskTools } from '../task/TaskTools.tsx';
import { useDirectory } from '../task/useTasks.ts';
import { isFirstVisit } from '../team/firstVisit.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { hues, huesOf } from '../ui/hues.ts';
import { part } from '../ui/part.ts';
import { Failed, Loading } from '../ui/States.tsx';
import { keepRecent } from '../palette/recent.ts';
import { teamPath, useOpenTask } from './address.ts';
import { useLoadAhead } from './ahead.ts';
import { Aside } from './Aside.tsx';
import { NotFound } from './late.ts';
import { Overlays } from './Overlays.tsx';
import { DocumentTitle } from './DocumentTitle.tsx';
import css from './shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { TeamViews } from './TeamViews.tsx';
import { Ticker } from './Ticker.tsx';
import { useKeys } from './useKeys.ts';
import { useTeamInAddress } from './useTeam.ts';

const TaskPanel = part(() => import('../task/TaskPanel.tsx'));
const FirstVisit = part(() => import('../team/FirstVisit.tsx'));
const Inbox = part(() => import('../notifications/Inbox.tsx'));
const Invite = part(() => import('../auth/Invite.tsx'));

/** Addresses that lead to the last team's board. */
const START = ['/', '/signin', '/signup'] as const;

/** Everything that somebody signed in sees. */
export default function Workspace({ user }: { user: User }) {
  const [path] = useLocation();
  const { teams, error, retry, key, team, isUnknown, home, redirect } = useTeamInAddress();
  useLoadAhead();
  if (redirect !== undefined) return <Redirect to={redirect} replace />;

  return (
    <div className={css.shell}>
      <DocumentTitle team={team ?? home} />
      <Boundary frame={(what) => <header id="side">{what}</header>}>
        <Sidebar user={user} teams={teams} current={home} />
      </Boundary>
      <div className={css.main} id="main">
        <Boundary at={path}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/inbox/:team?">
                <Inbox />
              </Route>
              <Route path="/account/:section?">
                {({ section }) => <Settings user={user} team={home} at={{ in: 'account', section }} />}
              </Route>
              <Route path="/welcome">
                <FirstVisit user={user} />
              </Route>
              <Route path="/status">
                <StatusPage />
              </Route>
              <Route path="/invite">
                <main className={css.page}>
                  <Invite user={user} />
                </main>
              </Route>
              <Route path="/t/:team/*?">
                {isUnknown ? (
                  <NotFound unknownTeam={key} home={home} />
                ) : key !== undefined && (team !== undefined || teams === undefined) ? (
                  <TeamViews key={key} team={key} current={team} user={user} home={home} />
                ) : (
                  <Loading />
                )}
              </Route>
              {START.map((start) => (
                <Route key={start} path={start}>
                  {error !== null && <Failed error={error} onRetry={retry} />}
                  {home !== undefined && (
                    <Redirect to={isFirstVisit(user, teams ?? []) ? '/welcome' : teamPath(home.key, 'board')} replace />
                  )}
                </Route>
              ))}
              <Route>
                <NotFound home={home} />
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
      {team !== undefined && (
        <Boundary at={path} frame={null}>
          <OpenTask team={team} me={user} />
        </Boundary>
      )}
      <Overlays team={home} me={user} />
      {home !== undefined && (
        <>
          <Live key={home.key} team={home.key} me={user.id} />
          <Keys team={home.key} me={user.id} />
          <TaskTools team={home} me={user.id} />
          <Boundary at={path} frame={null}>
            <Faces team={home.key} />
            <Ticker team={home.key} />
          </Boundary>
        </>
      )}
    </div>
  );
}

/** Beside the board or list that it belongs to. */
function OpenTask({ team, me }: { team: Team; me: User }) {
  const { number, closeTask } = useOpenTask(team.key);
  useEffect(() => {
    if (number === null) return;
    keepRecent(team.key, number);
    // From now on, keys mean this task.
    clearSelection();
  }, [team.key, number]);
  if (number === null) return null;
  return (
    <Aside>
      {(handle) => (
        <Boundary at={`${team.key} ${number}`} onClose={closeTask} frame={(what) => <aside className={css.stand}>{what}</aside>}>
          <Suspense fallback={<aside className={css.stand} aria-busy="true" />}>
            <TaskPanel key={`${team.key} ${number}`} team={team} me={me} number={number} onClose={closeTask} handle={handle} />
          </Suspense>
        </Boundary>
      )}
    </Aside>
  );
}

function Live({ team, me }: { team: string; me: string }) {
  useLive(team, me);
  return null;
}

/** Gives the people of the team different colours. */
function Faces({ team }: { team: string }) {
  const { members } = useDirectory(team);
  useEffect(() => hues.set(huesOf(members.map(({ user }) => user.id))), [members]);
  return null;
}

function Keys(props: { team: string; me: string }) {
  useKeys(props.team, props.me);
  return null;
}
