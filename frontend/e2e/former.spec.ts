/** Somebody who has left the team stays on their tasks until another takes them over. */
import { card, enter, expect, live, test } from './world.ts';

test('who has left is filtered for, and unassigned in the menu and in the panel', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  for (const title of ['Alpha', 'Bravo']) await world.task(team, ann, { title, assignees: [bob.id, ann.id] });
  await world.task(team, ann, { title: 'Charlie' });
  await world.call('DELETE', `teams/${team}/members/${bob.id}`, ann.token);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const assigneesOf = async (number: number) => (await world.call('GET', `teams/${team}/tasks/${number}`, ann.token)).assignees;

  await page.getByRole('combobox', { name: 'Filter' }).fill('bob');
  await page.getByRole('option', { name: 'Bob (former)' }).click();
  await expect(page.locator('[data-task]')).toHaveCount(2);

  await test.step('in the menu', async () => {
    await card(page, 'Alpha').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Assignees' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Bob (former)' }).click();
    await expect.poll(() => assigneesOf(1)).toEqual([ann.id]);
    await page.keyboard.press('Escape');
  });

  await test.step('in the panel', async () => {
    await card(page, 'Bravo').getByRole('link').click();
    const assignees = page.getByRole('complementary').locator('[data-property=assignees]');
    await assignees.click();
    await page.getByRole('option', { name: 'Bob (former)' }).click();
    await expect.poll(() => assigneesOf(2)).toEqual([ann.id]);
    await expect(assignees).not.toContainText('Bob');
  });
});
