/** What is said and done when answers about labels, members, invitations and the account are lost. */
import type { Page } from '@playwright/test';
import { enter, expect, holdAnswer, loseAnswers, test, type Person } from './world.ts';

const LABEL = /\/labels\/[^/]+$/;
const MEMBER = /\/members\/[^/]+$/;

const messages = (page: Page) => page.getByLabel('Messages');

test.describe('an answer is lost', () => {
  let ann: Person;
  let bob: Person;
  let team: string;

  test.beforeEach(async ({ context, world, watched }) => {
    watched.expectFailures();
    [ann, bob] = [await world.person('Ann'), await world.person('Bob Stone')];
    team = await world.team(ann, [[bob, 'member']]);
    await enter(context, ann);
  });

  test.afterEach(async ({ page }) => {
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a label is renamed, recoloured and deleted, and that is said', async ({ page, world }) => {
    await world.label(team, ann, 'Bug');
    await page.goto(`/t/${team}/settings/labels`);
    await loseAnswers(page, LABEL, 'PATCH');
    await page.getByLabel('Name of label Bug').fill('Defect');
    await page.keyboard.press('Enter');
    await expect(messages(page)).toContainText('Label Bug renamed to Defect');
    await loseAnswers(page, LABEL, 'PATCH');
    await page.getByRole('button', { name: 'Colour of Defect' }).click();
    await page.getByRole('menuitem', { name: 'Teal' }).click();
    await expect(messages(page)).toContainText('Colour of Defect changed');
    await loseAnswers(page, LABEL, 'DELETE');
    await page.getByRole('button', { name: 'Delete label Defect' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(messages(page)).toContainText('Label Defect deleted');
    expect((await world.call('GET', `teams/${team}/labels`, ann.token)).items).toEqual([]);
  });

  test('a label is made once', async ({ page, world }) => {
    await page.goto(`/t/${team}/settings/labels`);
    await loseAnswers(page, /\/labels$/, 'POST');
    await page.getByLabel('New label').fill('Bug');
    await page.keyboard.press('Enter');
    await expect(messages(page)).toContainText('Label Bug created');
    expect((await world.call('GET', `teams/${team}/labels`, ann.token)).items).toMatchObject([{ name: 'Bug' }]);
  });

  test('a role is changed and a member removed, and that is said', async ({ page, world }) => {
    await page.goto(`/t/${team}/settings/members`);
    await loseAnswers(page, MEMBER, 'PATCH');
    await page.getByRole('button', { name: 'Role of Bob Stone: Member' }).click();
    await page.getByRole('menuitemradio', { name: 'Viewer' }).click();
    await expect(messages(page)).toContainText('Bob Stone is now a viewer');
    await expect(page.getByRole('button', { name: 'Role of Bob Stone: Viewer' })).toBeVisible();
    await loseAnswers(page, MEMBER, 'DELETE');
    await page.getByRole('button', { name: 'Actions for Bob Stone' }).click();
    await page.getByRole('menuitem', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(messages(page)).toContainText('Bob Stone removed from Operations');
    expect((await world.call('GET', `teams/${team}/members`, ann.token)).items).toHaveLength(1);
  });

  test('a right that was given up, and a team that was left, aren’t asked for again', async ({ page, world }) => {
    await world.call('PATCH', `teams/${team}/members/${bob.id}`, ann.token, { role: 'owner' });
    await page.goto(`/t/${team}/settings/members`);
    await loseAnswers(page, MEMBER, 'PATCH');
    await page.getByRole('button', { name: 'Role of Ann: Owner' }).click();
    await page.getByRole('menuitemradio', { name: 'Viewer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Change my role' }).click();
    await expect(messages(page)).toContainText('You are now a viewer');
    await loseAnswers(page, MEMBER, 'DELETE');
    await page.getByRole('button', { name: 'Actions for Ann' }).click();
    await page.getByRole('menuitem', { name: /^Leave/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave team' }).click();
    await expect(messages(page)).toContainText('You left Operations');
  });

  test('somebody is invited once, with a link that works, and the invitation is revoked', async ({ page, world }) => {
    await page.goto(`/t/${team}/settings/invitations`);
    await loseAnswers(page, /\/invitations$/, 'POST');
    await page.getByLabel('Email address').fill('carol@example.com');
    await page.keyboard.press('Enter');
    await expect(messages(page)).toContainText('Invitation for carol@example.com created');
    await expect(page.getByLabel('Invitation link')).toHaveValue(/\/invite#./);
    await expect(page.getByLabel('Email address')).toHaveValue('');
    const invited = () => world.call('GET', `teams/${team}/invitations`, ann.token);
    expect((await invited()).items).toMatchObject([{ email: 'carol@example.com' }]);
    await loseAnswers(page, /\/invitations\/[^/]+$/, 'DELETE');
    await page.getByRole('button', { name: 'Revoke carol@example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await expect(messages(page)).toContainText('Invitation for carol@example.com revoked');
    expect((await invited()).items).toEqual([]);
  });

  test('an invitation that was on its way when the page was reloaded is made, once', async ({ page, world }) => {
    await page.goto(`/t/${team}/settings/invitations`);
    const sent = holdAnswer(page, /\/invitations$/);
    await page.getByLabel('Email address').fill('carol@example.com');
    await page.keyboard.press('Enter');
    await sent;
    await page.reload();
    await expect(messages(page)).toContainText('Invitation for carol@example.com created');
    await expect(page.getByLabel('Invitation link')).toHaveValue(/\/invite#./);
    await expect(page.getByLabel('Email address')).toHaveValue('');
    expect((await world.call('GET', `teams/${team}/invitations`, ann.token)).items).toHaveLength(1);
  });

  test('a name and a password are changed, and that is said', async ({ page }) => {
    await page.goto('/account/profile');
    await loseAnswers(page, /\/api\/v1\/me$/, 'PATCH');
    await page.getByLabel('Your name').fill('Ann Lee');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(messages(page)).toContainText('Your name is now Ann Lee');
    await page.goto('/account/password');
    await loseAnswers(page, /\/auth\/password$/, 'POST');
    await page.getByLabel('Current password').fill('correct horse battery');
    await page.getByLabel('New password').fill('a new horse battery');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(messages(page)).toContainText('Password changed');
  });

  test('a team is made once', async ({ page, world }) => {
    await page.goto(`/t/${team}/settings/team`);
    await page.getByRole('button', { name: /switch team/ }).click();
    await page.getByRole('menuitem', { name: 'New team' }).click();
    await loseAnswers(page, /\/api\/v1\/teams$/, 'POST');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Design');
    const key = `D${Date.now().toString(36).slice(-7)}`.toUpperCase();
    await dialog.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await expect(messages(page)).toContainText(`Design created with the key ${key}`);
    const { items } = await world.call('GET', 'teams', ann.token);
    expect(items.filter((one) => one.key === key.toLowerCase())).toHaveLength(1);
  });
});
