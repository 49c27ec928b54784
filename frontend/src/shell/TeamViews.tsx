import { Redirect, Route, Switch } from 'wouter';
import type { Team, User } from '../api/types.ts';
import { Board } from '../board/Board.tsx';
import { Settings } from '../settings/late.ts';
import { settingsPath } from '../settings/sections.ts';
import { part } from '../ui/part.ts';
import { teamPath } from './address.ts';
import { NotFound } from './late.ts';

const List = part(() => import('../list/List.tsx'));
const Dashboard = part(() => import('../dashboard/Dashboard.tsx'));

interface Props {
  team: string;
  /** Undefined while the teams are loading. */
  current: Team | undefined;
  user: User;
  home: Team | undefined;
}

/** The pages of one team. Add a page here, and its title in `DocumentTitle.tsx`. */
export function TeamViews({ team, current, user, home }: Props) {
  return (
    <Switch>
      <Route path="/t/:team">
        <Redirect to={teamPath(team, 'board')} replace />
      </Route>
      <Route path="/t/:team/board">
        <Board team={team} />
      </Route>
      <Route path="/t/:team/list">
        <List team={team} />
      </Route>
      <Route path="/t/:team/dashboard/:list?">{({ list }) => <Dashboard team={team} list={list} />}</Route>
      <Route path="/t/:team/settings/:section?">
        {({ section }) => <Settings user={user} team={current} at={{ in: 'team', section }} />}
      </Route>
      {/* Where the settings were before. */}
      <Route path="/t/:team/team">
        <Redirect to={settingsPath(team)} replace />
      </Route>
      <Route>
        <NotFound home={home} />
      </Route>
    </Switch>
  );
}
