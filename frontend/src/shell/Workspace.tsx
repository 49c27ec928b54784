import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Team, User } from '../api/types.ts';
import { Board } from '../board/Board.tsx';
import { useLive } from '../live/useLive.ts';
import { tasksQuery, teamsQuery } from '../task/queries.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { keepLastTeam, lastTeam, teamIn, teamPath, useOpenTask } from './address.ts';
import { parts, useLoadAhead } from './ahead.ts';
import { Overlays } from './Overlays.tsx';
import { DocumentTitle } from './DocumentTitle.tsx';
import css from './shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { Ticker } from './Ticker.tsx';
import { useKeys } from './useKeys.ts';

const { List, Dashboard, TeamPage, Inbox, AccountPage, StatusPage, Invite, TaskPanel } = parts;

/** Everything that one sees once signed in. */
export default function Workspace({ user }: { user: User }) {
  const [path] = useLocation();
  const teams = useQuery(teamsQuery());
  const named = teamIn(path);
  const kept = lastTeam();
  const team = named ?? teams.data?.find(({ key }) => key === kept)?.key ?? teams.data?.[0]?.key;
  const current = teams.data?.find(({ key }) => key === team);
  useLoadAhead();
  useEffect(() => {
    if (current !== undefined) keepLastTeam(current.key);
  }, [current]);

  return (
    <div className={css.shell}>
      <DocumentTitle team={current} isNotFound={false} />
      <Sidebar user={user} teams={teams.data} current={current} />
      <div className={css.main} id="main">
        <Boundary at={path}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/inbox">
                <Inbox />
              </Route>
              <Route path="/account">
                <AccountPage user={user} />
              </Route>
              <Route path="/status">
                <StatusPage />
              </Route>
              <Route path="/invite">
                <main className={css.page}>
                  <Invite />
                </main>
              </Route>
              <Route path="/t/:team/*?">
                {team !== undefined && (
                  <TeamViews key={team} team={team} isKnown={current !== undefined || teams.data === undefined} />
                )}
              </Route>
              <Route>
                {teams.error !== null && teams.data === undefined && (
                  <Failed error={teams.error} onRetry={() => void teams.refetch()} />
                )}
                {team !== undefined && <Redirect to={teamPath(team, 'board')} replace />}
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
      {current !== undefined && (
        <>
          <Live key={current.key} team={current.key} me={user.id} />
          <Keys team={current.key} me={user.id} />
          <Boundary at={path}>
            <OpenTask team={current} me={user} />
          </Boundary>
          <Overlays team={current} me={user} />
          <Ticker team={current.key} />
        </>
      )}
    </div>
  );
}

function TeamViews({ team, isKnown }: { team: string; isKnown: boolean }) {
  const { t } = useTranslation();
  if (!isKnown) {
    return (
      <main className={css.page}>
        <Empty isPage icon="people" title={t('team.unknown')} text={t('team.unknownText', { team })} />
      </main>
    );
  }
  return (
    <Switch>
      <Route path="/t/:team/board">
        <Board team={team} />
      </Route>
      <Route path="/t/:team/list">
        <List team={team} />
      </Route>
      <Route path="/t/:team/dashboard">
        <Dashboard team={team} />
      </Route>
      <Route path="/t/:team/team">
        <TeamPage team={team} />
      </Route>
      <Route>
        <Redirect to={teamPath(team, 'board')} replace />
      </Route>
    </Switch>
  );
}

/** Beside the board or list that it belongs to. */
function OpenTask({ team, me }: { team: Team; me: User }) {
  const { number, closeTask } = useOpenTask(team.key);
  if (number === null) return null;
  return (
    <Suspense fallback={null}>
      <TaskPanel key={`${team.key} ${number}`} team={team} me={me} number={number} onClose={closeTask} />
    </Suspense>
  );
}

/** Apart, so that a change of a task doesn't draw the whole page anew. */
function Live({ team, me }: { team: string; me: string }) {
  const client = useQueryClient();
  const { data } = useQuery({ ...tasksQuery(client, team), select: ({ revision }) => revision !== null });
  useLive(team, me, data === true);
  return null;
}

function Keys(props: { team: string; me: string }) {
  useKeys(props.team, props.me);
  return null;
}
