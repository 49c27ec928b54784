/** Everything that can be done by key or by name, in one table: the palette, the keyboard and the `?` sheet read it. */
import type { QueryClient } from '@tanstack/react-query';
import type { Task } from '../api/types.ts';
import { taskPath, tasksPath, teamPath } from '../shell/address.ts';
import { askToSignOut } from '../shell/leaving.ts';
import { accountPath, settingsPath } from '../settings/sections.ts';
import type { TaskActions } from '../task/actions.ts';
import { copyText } from '../ui/clipboard.ts';
import { selectAll, selection, toggleSelected } from '../task/selection.ts';
import { shown } from '../task/shown.ts';
import { open, want, type Property } from '../ui/stage.ts';
import { printAll } from '../ui/print.ts';
import { setTheme } from '../ui/theme.ts';
import { toast } from '../ui/toasts.ts';
import { t, type TextKey } from '../i18n/index.ts';
import { toggled } from '../list/filters.ts';

export interface Context {
  team: string;
  me: string;
  canEdit: boolean;
  isAdmin: boolean;
  /** What commands on a task act on. */
  task: Task | undefined;
  actions: TaskActions;
  client: QueryClient;
  navigate: (to: string) => void;
  openTask: (number: number) => void;
}

export type Group = 'task' | 'create' | 'go' | 'view';

export interface Command {
  id: (typeof TABLE)[number]['id'];
  group: Group;
  /** `g b` is one after the other, `Ctrl+K` together. */
  keys?: string;
  /** Other words by which it is found, and which aren't shown. */
  words?: TextKey;
  /** It acts on a task, and is there only with one. */
  onTask?: boolean;
  /** It changes something, and is there only for those who may. */
  edits?: boolean;
  /** It is there only for administrators of the team. */
  admins?: boolean;
  run: (context: Context) => void;
}

/** In the open task, keys mean that task. */
function isInPanel(): boolean {
  return Boolean(document.activeElement?.closest('[data-panel]'));
}

function isForSelection(): boolean {
  return selection.get().size > 0 && !isInPanel();
}

/** With several tasks selected, it is for all of them. */
function property(name: Property) {
  return ({ task }: Context) => {
    if (isForSelection()) open({ kind: 'bulk', property: name });
    else if (task !== undefined) open({ kind: 'property', property: name, task: task.id });
  };
}

function part(name: 'title' | 'description' | 'comment') {
  return ({ task, me, canEdit, openTask }: Context) => {
    if (task === undefined) return;
    // Only where there is such a field: a viewer comments on what is assigned to them.
    if (canEdit || (name === 'comment' && task.assignees.includes(me))) want(task.id, name);
    openTask(task.number);
  };
}

function go(to: (team: string) => string) {
  return ({ team, navigate }: Context) => navigate(to(team));
}

const TABLE = [
  { id: 'newTask', group: 'create', keys: 'c', edits: true, run: () => open({ kind: 'new-task', status: 'pending' }) },
  { id: 'newTeam', group: 'create', run: () => open({ kind: 'new-team' }) },
  { id: 'openTask', group: 'task', keys: 'o', onTask: true, run: ({ task, openTask }) => task && openTask(task.number) },
  { id: 'status', group: 'task', keys: 's', onTask: true, edits: true, run: property('status') },
  { id: 'assign', group: 'task', keys: 'a', onTask: true, edits: true, run: property('assignees') },
  {
    id: 'assignMe',
    group: 'task',
    keys: 'i',
    onTask: true,
    edits: true,
    run: ({ task, me, actions }) => task && void actions.patch(task, { assignees: toggled(task.assignees, me) }),
  },
  { id: 'priority', group: 'task', keys: 'p', onTask: true, edits: true, run: property('priority') },
  { id: 'label', group: 'task', keys: 'l', onTask: true, edits: true, run: property('labels') },
  { id: 'due', group: 'task', keys: 'd', onTask: true, edits: true, run: property('due_at') },
  { id: 'rename', group: 'task', keys: 'r', onTask: true, edits: true, run: part('title') },
  { id: 'describe', group: 'task', keys: 'e', onTask: true, edits: true, run: part('description') },
  { id: 'comment', group: 'task', keys: 'm', onTask: true, run: part('comment') },
  {
    id: 'copyLink',
    group: 'task',
    keys: 'y',
    onTask: true,
    run: ({ task, team }) => task && copy(new URL(taskPath(team, task.number), location.origin).href),
  },
  {
    id: 'delete',
    group: 'task',
    keys: 'Delete',
    onTask: true,
    edits: true,
    run: ({ task }) => {
      if (isForSelection()) open({ kind: 'bulk', property: null });
      else if (task !== undefined) open({ kind: 'delete', task: task.id });
    },
  },
  { id: 'select', group: 'task', keys: 'x', onTask: true, run: ({ task }) => task && toggleSelected(task.id) },
  { id: 'selectAll', group: 'task', keys: 'Ctrl+A', run: selectAll },
  { id: 'goBoard', group: 'go', keys: 'g b', run: go((team) => tasksPath(team, 'board')) },
  { id: 'goList', group: 'go', keys: 'g l', run: go((team) => tasksPath(team, 'list')) },
  {
    id: 'goMine',
    group: 'go',
    keys: 'g m',
    run: ({ team, navigate }) => navigate(`${teamPath(team, 'list')}?assignee=me`),
  },
  { id: 'goInbox', group: 'go', keys: 'g i', run: go(() => '/inbox') },
  { id: 'goDashboard', group: 'go', keys: 'g d', run: go((team) => teamPath(team, 'dashboard')) },
  { id: 'goTeam', group: 'go', keys: 'g t', words: 'commandWords.goTeam', run: go((team) => settingsPath(team)) },
  { id: 'goMembers', group: 'go', words: 'commandWords.goMembers', run: go((team) => settingsPath(team, 'members')) },
  {
    id: 'goInvitations',
    group: 'go',
    words: 'commandWords.goInvitations',
    admins: true,
    run: go((team) => settingsPath(team, 'invitations')),
  },
  { id: 'goLabels', group: 'go', words: 'commandWords.goLabels', run: go((team) => settingsPath(team, 'labels')) },
  { id: 'goProfile', group: 'go', words: 'commandWords.goProfile', run: go(() => accountPath('profile')) },
  { id: 'goPassword', group: 'go', words: 'commandWords.goPassword', run: go(() => accountPath('password')) },
  { id: 'goSessions', group: 'go', words: 'commandWords.goSessions', run: go(() => accountPath('sessions')) },
  { id: 'goAppearance', group: 'go', words: 'commandWords.goAppearance', run: go(() => accountPath('appearance')) },
  { id: 'goStatus', group: 'go', keys: 'g s', admins: true, run: go(() => '/status') },
  {
    id: 'palette',
    group: 'view',
    keys: 'Ctrl+K',
    run: ({ task }) => open({ kind: 'palette', task: task?.id ?? null }),
  },
  { id: 'search', group: 'view', keys: '/', run: () => document.getElementById('filter-text')?.focus() },
  { id: 'shortcuts', group: 'view', keys: '?', words: 'commandWords.shortcuts', run: () => open({ kind: 'shortcuts' }) },
  { id: 'print', group: 'view', keys: 'Ctrl+P', run: ({ client, team }) => void printAll(client, team) },
  { id: 'signOut', group: 'view', words: 'commandWords.signOut', run: askToSignOut },
  { id: 'themeLight', group: 'view', words: 'commandWords.theme', run: () => setTheme('light') },
  { id: 'themeDark', group: 'view', words: 'commandWords.theme', run: () => setTheme('dark') },
  { id: 'themeSystem', group: 'view', words: 'commandWords.theme', run: () => setTheme('system') },
] as const satisfies readonly (Omit<Command, 'id'> & { id: string })[];

export const COMMANDS: readonly Command[] = TABLE;

const FOR_SEVERAL = new Set<Command['id']>(['status', 'assign', 'priority', 'label', 'due', 'delete']);

/** Whether it can be done now, by this user, to this task. An assignee may change the status whatever their role. */
export function isOpen(command: Command, { task, canEdit, isAdmin, me }: Context): boolean {
  const actsOnSelection = FOR_SEVERAL.has(command.id) && isForSelection();
  if (command.onTask && task === undefined && !actsOnSelection) return false;
  // In the open task, Ctrl+A is the browser's and selects text.
  if (command.id === 'selectAll' && (isInPanel() || shown.get().lists.length === 0)) return false;
  if (command.admins && !isAdmin) return false;
  if (!command.edits || canEdit) return true;
  return command.id === 'status' && task?.assignees.includes(me) === true;
}

/** Copies, and says so; where the browser doesn't allow it, shows the text to copy by hand. */
export function copy(text: string): void {
  void copyText(text).then((isCopied) => {
    if (isCopied) toast({ kind: 'done', text: t('common.copied'), about: 'copy' });
    else toast({ kind: 'error', text: t('errors.cantCopy'), detail: text, about: 'copy', stays: true });
  });
}
