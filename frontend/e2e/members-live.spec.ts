/** Roles, names and members are those of now, on a page that stays open. */
import { card, enter, expect, live, test } from './world.ts';

test('a member is demoted, promoted, renamed, joined and removed while their page is open', async ({ page, context, world }) => {
  const [ann, bob, carol] = [await world.person('Ann'), await world.person('Bob'), await world.person('Carol')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, ann, { title: 'The task', assignees: [bob.id] });
  await world.call('POST', `teams/${team}/tasks/1/comments`, ann.token, { body: 'Said' });
  await enter(context, bob);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  const add = page.getByRole('button', { name: 'Add a task to To do' });
  await expect(add.first()).toBeVisible();
  await expect(panel.getByRole('article')).toContainText('Ann');
  const setRole = (role: string) => world.call('PATCH', `teams/${team}/members/${bob.id}`, ann.token, { role });

  await setRole('viewer');
  await expect(add).toHaveCount(0);
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New task' })).toBeDisabled();
  await setRole('admin');
  await expect(add.first()).toBeVisible();
  await expect(panel.getByRole('textbox', { name: 'Title' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Status' })).toBeVisible();

  await world.call('PATCH', 'me', ann.token, { name: 'Ann Lee' });
  await expect(panel.getByRole('article')).toContainText('Ann Lee');
  await expect(panel).not.toContainText(/Ann(?! Lee)/);

  const { token } = await world.call('POST', `teams/${team}/invitations`, ann.token, { email: carol.email, role: 'member' });
  await world.call('POST', 'invitations/accept', carol.token, { token });
  await world.call('PATCH', `teams/${team}/tasks/1`, carol.token, { assignees: [carol.id] });
  await world.call('POST', `teams/${team}/tasks/1/comments`, carol.token, { body: 'Hello' });
  await expect(panel.getByRole('article').last()).toContainText('Carol');
  await expect(panel.locator('[data-property=assignees]')).toContainText('Carol');
  await expect(page.getByText('Former member')).toHaveCount(0);

  await panel.locator('.cm-content').click();
  await page.keyboard.type('Half a thought');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await world.call('DELETE', `teams/${team}/members/${bob.id}`, ann.token);
  const message = page.getByLabel('Messages');
  await expect(message).toContainText('You are no longer a member of Operations');
  // The text was on the screen that is gone.
  await expect(message).toContainText('Your unsaved text: “Half a thought”');
  await message.getByRole('button', { name: 'Copy' }).click();
  if (await page.evaluate(() => isSecureContext)) {
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Half a thought');
  }
  await expect(page).toHaveURL(/\/t\/bob[^/]*\/board$/);
  await expect(card(page, 'The task')).toHaveCount(0);
});

test('an invitation is gone from the page of who sent it once its guest has joined', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/invitations`);
  await live(page);
  await page.getByLabel('Email address').fill(bob.email);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(page.getByText(`Send this link to ${bob.email}.`)).toBeVisible();
  const link = await page.getByLabel('Invitation link').inputValue();
  await world.call('POST', 'invitations/accept', bob.token, { token: new URL(link).hash.slice(1) });
  await expect(page.getByText('No open invitations.')).toBeVisible();
  await expect(page.getByText('Send this link to')).toHaveCount(0);
});
