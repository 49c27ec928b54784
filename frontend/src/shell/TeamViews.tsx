import { Redirect, Route, Switch } from 'wouter';
import type { Team } from '../api/types.ts';
import { Board } from '../board/Board.tsx';
import { teamPath } from './address.ts';
import { parts } from './ahead.ts';
import { NotFound } from './NotFound.tsx';

const { List, Dashboard, TeamPage } = parts;

/** The pages of one team. Add a page here, and its title in `DocumentTitle.tsx`. */
export function TeamViews({ team, home }: { team: string; home: Team | undefined }) {
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
      <Route path="/t/:team/dashboard">
        <Dashboard team={team} />
      </Route>
      <Route path="/t/:team/team">
        <TeamPage team={team} />
      </Route>
      <Route>
        <NotFound home={home} />
      </Route>
    </Switch>
  );
}
