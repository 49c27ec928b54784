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

  await world.call('DELETE', `teams/${team}/members/${bob.id}`, ann.token);
  await expect(page.getByLabel('Messages')).toContainText('You are no longer a member of Operations');
  await expect(page).toHaveURL(/\/t\/bob[^/]*\/board$/);
  await expect(card(page, 'The task')).toHaveCount(0);
});
