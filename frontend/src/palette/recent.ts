/** The tasks that were opened last in this tab, newest first; the palette offers them before anything is typed. */
const MOST = 8;

const opened = new Map<string, readonly number[]>();

export function keepRecent(team: string, number: number): void {
  const before = opened.get(team) ?? [];
  opened.set(team, [number, ...before.filter((one) => one !== number)].slice(0, MOST));
}

export function recentTasks(team: string): readonly number[] {
  return opened.get(team) ?? [];
}
