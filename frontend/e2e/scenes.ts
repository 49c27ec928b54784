/** The screens that axe looks at and that the screenshots show. */
import type { Page } from '@playwright/test';
import { expect, live, type Person, type World } from './world.ts';

const DAY_MS = 86_400_000;

/** A team in the middle of its work. Gives its key. */
export async function aBusyTeam(world: World, ann: Person, bob: Person, cleo: Person): Promise<string> {
  const team = await world.team(ann, [[bob, 'member'], [cleo, 'viewer']], 'Northwind');
  const labels = {
    bug: await world.label(team, ann, 'Bug', '#d9534f'),
    design: await world.label(team, ann, 'Design', '#c557a8'),
    api: await world.label(team, ann, 'API', '#26a5a0'),
    docs: await world.label(team, ann, 'Docs', '#d9a514'),
  };
  const due = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const tasks: Record<string, unknown>[] = [
    { title: 'Agree on what the first release holds', status: 'completed', priority: 'high', assignees: [ann.id] },
    { title: 'Choose a name for the newsletter', status: 'completed', priority: 'medium', assignees: [bob.id] },
    { title: 'Draw the sign-up page for phones', status: 'completed', labels: [labels.design], assignees: [bob.id] },
    { title: 'Print the handbook', status: 'cancelled', priority: 'low' },
    { title: 'Renew the certificate', status: 'blocked', priority: 'medium', due_at: due(5) },
    { title: 'Send the newsletter to the first hundred customers', status: 'blocked', priority: 'high', assignees: [bob.id], due_at: due(-2) },
    { title: 'Tidy up the icons', status: 'in_progress', priority: 'low', assignees: [bob.id], labels: [labels.design] },
    { title: 'Exports stop after 1,000 rows', status: 'in_progress', priority: 'urgent', assignees: [ann.id, bob.id], labels: [labels.api, labels.bug], due_at: due(1) },
    { title: 'Try a restore from the backup', priority: 'medium', assignees: [bob.id], due_at: due(10) },
    { title: 'Ask three customers what they miss', priority: 'high', assignees: [ann.id], due_at: due(7) },
    { title: 'Webhooks: say which attempt it is', labels: [labels.api] },
    {
      title: 'Write the getting-started guide',
      status: 'in_progress',
      priority: 'high',
      assignees: [ann.id, cleo.id],
      labels: [labels.docs],
      due_at: due(3),
      description:
        'From nothing to a first task in **five minutes**.\n\n- [x] Install with one command\n- [x] Sign up\n- [ ] Invite a colleague\n\n> Nobody reads a second page.\n\n```sh\n./scripts/up\n```',
    },
  ];
  let last = { id: '', number: 0 };
  for (const task of tasks) last = await world.task(team, ann, task);
  const path = `teams/${team}/tasks/${last.id}`;
  await world.call('PATCH', path, bob.token, { priority: 'urgent' });
  await world.call('PATCH', path, bob.token, { priority: 'high', title: 'Write the guide for the first five minutes' });
  await world.call('POST', `${path}/comments`, bob.token, { body: 'I can do the part about **invitations**. By Friday?' });
  await world.call('POST', `${path}/comments`, ann.token, { body: 'Friday is fine. The screenshots are in `docs/`.' });
  await world.task(team, bob, { title: 'Look over the price list', assignees: [ann.id] });
  await world.call('POST', `teams/${team}/invitations`, ann.token, { email: 'dan@example.com', role: 'member' });
  return team;
}

export interface Scene {
  name: string;
  open: (page: Page, team: string) => Promise<void>;
}

async function board(page: Page, team: string, search = ''): Promise<void> {
  await page.goto(`/t/${team}/board${search}`);
  await expect(page.locator('[data-task]').first()).toBeVisible();
  await live(page);
}

/** What somebody signed in sees. */
export const SCENES: Scene[] = [
  { name: 'board', open: (page, team) => board(page, team) },
  {
    name: 'task',
    open: async (page, team) => {
      await board(page, team, '?task=12');
      await expect(page.getByRole('article').getByText('Friday is fine.')).toBeVisible();
    },
  },
  {
    name: 'task-history',
    open: async (page, team) => {
      await board(page, team, '?task=12');
      await page.getByRole('tab', { name: 'History' }).click();
      await expect(page.getByText('created the task')).toBeVisible();
    },
  },
  {
    name: 'task-editing',
    open: async (page, team) => {
      await board(page, team, '?task=12');
      await page.getByRole('button', { name: 'Edit' }).first().click();
      await page.locator('[data-property=labels]').click();
      await expect(page.getByRole('option', { name: 'Docs' })).toBeVisible();
    },
  },
  {
    name: 'board-filtered',
    open: async (page, team) => {
      await board(page, team, '?q=the&status=pending,in_progress,blocked');
      await page.getByRole('combobox', { name: 'Filter' }).fill('not a');
      await expect(page.getByRole('option', { name: 'not Unassigned' })).toBeVisible();
    },
  },
  {
    name: 'list',
    open: async (page, team) => {
      await page.goto(`/t/${team}/list`);
      await expect(page.locator('[data-task]').first()).toBeVisible();
    },
  },
  {
    name: 'list-nothing',
    open: async (page, team) => {
      await page.goto(`/t/${team}/list?q=nothing+like+it`);
      await expect(page.getByText('No matching tasks')).toBeVisible();
    },
  },
  {
    name: 'dashboard',
    open: async (page, team) => {
      await page.goto(`/t/${team}/dashboard`);
      await expect(page.locator('canvas')).toBeVisible();
    },
  },
  {
    name: 'team',
    open: async (page, team) => {
      await page.goto(`/t/${team}/settings/members`);
      await expect(page.getByRole('heading', { name: '3 members' })).toBeVisible();
    },
  },
  {
    name: 'invitations',
    open: async (page, team) => {
      await page.goto(`/t/${team}/settings/invitations`);
      await expect(page.getByText('dan@example.com').first()).toBeVisible();
    },
  },
  {
    name: 'labels',
    open: async (page, team) => {
      await page.goto(`/t/${team}/settings/labels`);
      await expect(page.getByLabel('Name of label Bug')).toBeVisible();
    },
  },
  {
    name: 'inbox',
    open: async (page) => {
      await page.goto('/inbox');
      await expect(page.getByRole('link', { name: /price list/ })).toBeVisible();
    },
  },
  {
    name: 'account-page',
    open: async (page) => {
      await page.goto('/account/sessions');
      await expect(page.getByText('This device', { exact: true })).toBeVisible();
    },
  },
  {
    name: 'appearance',
    open: async (page) => {
      await page.goto('/account/appearance');
      await expect(page.getByRole('radio', { name: /^Dark/ })).toBeVisible();
    },
  },
  {
    name: 'status',
    open: async (page) => {
      await page.goto('/status');
      await expect(page.getByRole('region', { name: 'Notifications' })).toBeVisible();
    },
  },
  {
    name: 'palette',
    open: async (page, team) => {
      await board(page, team, '?task=12');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('option', { name: /Change status/ })).toBeVisible();
    },
  },
  {
    name: 'shortcuts',
    open: async (page, team) => {
      await board(page, team);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'new-task',
    open: async (page, team) => {
      await board(page, team);
      await page.keyboard.press('c');
      await page.getByLabel('Title').fill('Thank the beta testers');
    },
  },
  {
    name: 'new-team',
    open: async (page, team) => {
      await board(page, team);
      await page.getByRole('button', { name: /switch team$/ }).click();
      await page.getByRole('menuitem', { name: 'New team' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'delete',
    open: async (page, team) => {
      await board(page, team, '?task=12');
      await page.getByRole('button', { name: 'Delete task' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'account',
    open: async (page, team) => {
      await board(page, team);
      await page.getByRole('button', { name: /^Account of/ }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'loading',
    open: async (page, team) => {
      await page.route('**/tasks?*', () => undefined);
      await page.goto(`/t/${team}/board`);
      await expect(page.getByText('Loading…').first()).toBeAttached();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'error',
    open: async (page, team) => {
      await page.route('**/tasks?*', (route) => route.fulfill({ status: 500, json: { type: 'urn:taskhub:problem:internal', title: 'x', status: 500, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' } }));
      await page.goto(`/t/${team}/board`);
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    },
  },
  {
    name: 'empty',
    open: async (page) => {
      await page.goto('/t/none/board');
      await expect(page.getByText('Team not found')).toBeVisible();
    },
  },
];

/** What a stranger sees. */
export const OUTSIDE: Scene[] = [
  {
    name: 'sign-in',
    open: async (page) => {
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    },
  },
  {
    name: 'sign-up',
    open: async (page) => {
      await page.goto('/signup');
      await page.getByLabel('Your name').fill('Dora');
      await page.getByLabel('Email').fill('dora@');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await page.getByRole('button', { name: 'Sign up' }).click();
      await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
    },
  },
];

/** Light and dark at a desk, and in the hand. */
export const LOOKS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1360, height: 850 }, isMobile: false },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1360, height: 850 }, isMobile: false },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true },
] as const;
