/** The team that was last open in this browser. */
const LAST_TEAM = 'taskhub.team';

export function lastTeam(): string | null {
  try {
    return localStorage.getItem(LAST_TEAM);
  } catch {
    return null;
  }
}

export function keepLastTeam(team: string): void {
  try {
    localStorage.setItem(LAST_TEAM, team);
  } catch {
    // Without storage, the first team is where one lands.
  }
}
