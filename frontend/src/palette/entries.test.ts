import { describe, expect, it, vi } from 'vitest';
import type { Team } from '../api/types.ts';
import { aTask } from '../testing.ts';
import { t } from '../i18n/index.ts';
import { COMMANDS, type Context } from './commands.ts';
import { keyIn, sectionsFor } from './entries.ts';

const team = (key: string) => ({ id: key, key, name: key === 'ops' ? 'Operations' : 'Büro', role: 'owner' }) as Team;
const [ops, office] = [team('ops'), team('buro')];

describe('a key', () => {
  it.each([
    ['42', 'ops', 42],
    [' OPS-42 ', 'ops', 42],
    ['ops-42', 'ops', 42],
    ['Buro-7', 'buro', 7],
    ['ＯＰＳ-42', 'ops', 42],
  ])('“%s” names a task', (text, key, number) => {
    expect(keyIn(text, ops, [ops, office])).toMatchObject({ team: { key }, number });
  });

  it.each(['', 'ops', 'ops-', 'x-42', '42 days', 'ops-0', '4 2', '1234567890123456'])('“%s” names none', (text) => {
    expect(keyIn(text, ops, [ops, office])).toBe(null);
  });
});

describe('the palette', () => {
  const tasks = [aTask({ number: 42, title: 'List of guests' }), aTask({ number: 5, title: 'Second' })];
  const offer = (text: string, hasTask = false) => {
    const named = keyIn(text, ops, [ops, office]);
    const base = { text, team: ops, teams: [ops, office], commands: COMMANDS, hasTask, tasks };
    return sectionsFor({ ...base, named: named && { ...named, task: tasks[0] } }).flatMap(({ entries }) => entries.map(({ id }) => id));
  };

  it('begins with recent tasks, or with what can be done to a task', () => {
    expect(offer('')[0]).toBe('task:task-42');
    expect(offer('', true)[0]).toMatch(/^command:/);
  });

  it('has the task that was named first, and once', () => {
    expect(offer('ops-42').slice(0, 2)).toEqual(['key', 'task:task-5']);
  });

  it.each([
    ['sign out', 'signOut'],
    ['logout', 'signOut'],
    ['members', 'goMembers'],
    ['people', 'goMembers'],
    ['invitations', 'goInvitations'],
    ['invite', 'goInvitations'],
    ['labels', 'goLabels'],
    ['tags', 'goLabels'],
    ['change password', 'goPassword'],
    ['sessions', 'goSessions'],
    ['devices', 'goSessions'],
    ['appearance', 'goAppearance'],
    ['theme', 'goAppearance'],
    ['dark mode', 'themeDark'],
    ['help', 'shortcuts'],
  ])('finds “%s” by its name or another word for it', (text, id) => {
    expect(offer(text)).toContain(`command:${id}`);
  });

  it('has a text for each command, and for its other words', () => {
    for (const { id, words } of COMMANDS) {
      expect(t(`command.${id}`)).not.toBe(`command.${id}`);
      if (words !== undefined) expect(t(words)).not.toBe(words);
    }
  });

  it('leads to the sections of the settings', () => {
    const navigate = vi.fn();
    const context = { team: 'ops', navigate } as unknown as Context;
    for (const { id, run } of COMMANDS) if (/^go(Members|Invitations|Labels|Password|Sessions|Appearance)$/.test(id)) run(context);
    expect(navigate.mock.calls.flat()).toEqual([
      '/t/ops/settings/members',
      '/t/ops/settings/invitations',
      '/t/ops/settings/labels',
      '/account/password',
      '/account/sessions',
      '/account/appearance',
    ]);
  });

  it('finds commands and teams by words in any order, without accents', () => {
    expect(offer('task new')).toContain('command:newTask');
    expect(offer('buro')).toContain('team:buro');
    expect(offer('new t')[0]).toBe('command:newTask');
  });
});
