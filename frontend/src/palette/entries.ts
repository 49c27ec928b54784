/** What the palette offers for a text, as sections of entries in the order in which it shows them. Pure. */
import type { Task, Team } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { fold, hasWords, wordsOf } from '../list/folded.ts';
import type { Command } from './commands.ts';

export type Entry =
  | { id: string; kind: 'command'; command: Command }
  | { id: string; kind: 'task'; task: Task }
  /** By its key, whether or not the page has read it. */
  | { id: string; kind: 'key'; team: Team; number: number; task: Task | undefined }
  | { id: string; kind: 'team'; team: Team };

export interface Section {
  heading: string;
  entries: Entry[];
}

const KEY = /^(?:([a-z0-9]+)-)?(\d{1,15})$/;

/** The task that a text names: `ops-42`, `OPS-42`, or `42` in the open team; null if it names none. */
export function keyIn(text: string, team: Team, teams: readonly Team[]): { team: Team; number: number } | null {
  const [, key, digits] = KEY.exec(fold(text.trim())) ?? [];
  if (digits === undefined || Number(digits) === 0) return null;
  const named = key === undefined || key === team.key ? team : teams.find((one) => one.key === key);
  return named === undefined ? null : { team: named, number: Number(digits) };
}

interface Offer {
  text: string;
  team: Team;
  teams: readonly Team[];
  commands: readonly Command[];
  /** Whether commands on a task have one to act on. */
  hasTask: boolean;
  tasks: readonly Task[];
  /** What the text names by key; undefined as long as it isn't known, null if there is none. */
  named: { team: Team; number: number; task: Task | undefined } | null;
}

const GROUPS = ['task', 'create', 'go', 'view'] as const;

export function sectionsFor({ text, team, teams, commands, hasTask, tasks, named }: Offer): Section[] {
  const words = wordsOf(text);
  const start = words.join(' ');
  const has = (name: string) => hasWords(fold(name), words);
  const nameOf = (command: Command) => t(`command.${command.id}`);
  const asEntry = (command: Command): Entry => ({ id: `command:${command.id}`, kind: 'command', command });
  const namesOf = (command: Command) => (command.words === undefined ? nameOf(command) : `${nameOf(command)} ${t(command.words)}`);
  const offered = commands.filter((command) => has(namesOf(command)));
  const begins = (command: Command) => start !== '' && fold(nameOf(command)).startsWith(start);
  const others = teams.filter((one) => one.key !== team.key && has(`${t('palette.switchTo', { team: one.name })} ${one.key}`));
  const best: Entry[] = [
    ...(named === null ? [] : [{ id: 'key', kind: 'key' as const, ...named }]),
    ...offered.filter(begins).map(asEntry),
  ];
  const found: Section = {
    heading: t(start === '' ? 'palette.recent' : 'palette.tasks'),
    entries: tasks
      .filter((task) => named?.team.key !== team.key || task.number !== named.number)
      .map((task) => ({ id: `task:${task.id}`, kind: 'task', task })),
  };
  const groups = GROUPS.map((group): Section => {
    const some = offered.filter((command) => command.group === group && !begins(command));
    return { heading: t(`commandGroup.${group}`), entries: some.map(asEntry) };
  });
  const isAboutTask = start === '' && hasTask;
  return [
    { heading: t('palette.best'), entries: best },
    ...(isAboutTask ? groups.slice(0, 1) : []),
    found,
    ...(isAboutTask ? groups.slice(1) : groups),
    {
      heading: t('palette.teams'),
      entries: others.map((one): Entry => ({ id: `team:${one.key}`, kind: 'team', team: one })),
    },
  ].filter(({ entries }) => entries.length > 0);
}
