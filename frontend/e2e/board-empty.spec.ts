import { column, enter, expect, live, test } from './world.ts';

test('a board without tasks, without a match, and with an empty column says the first step', async ({ page, context, world, browserOf }) => {
  const [ann, cleo] = [await world.person('Ann'), await world.person('Cleo')];
  const team = await world.team(ann, [[cleo, 'viewer']]);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'New task' }).last().click();
  await expect(page.getByRole('dialog', { name: 'New task' })).toBeVisible();
  await page.keyboard.press('Escape');

  const theirs = await browserOf(cleo);
  await theirs.goto(`/t/${team}/board`);
  await expect(theirs.getByRole('heading', { name: 'No tasks yet' })).toBeVisible();
  await expect(theirs.getByRole('main').getByRole('button', { name: /New task|Add a task/ })).toHaveCount(0);

  await world.task(team, ann, { title: 'The only one' });
  const blocked = column(page, 'Blocked');
  await blocked.getByRole('button', { name: 'Add a task', exact: true }).click();
  await page.keyboard.type('Waits for paper');
  await page.keyboard.press('Enter');
  await expect(blocked.locator('[data-task]')).toHaveText(/Waits for paper/);
  await expect(column(theirs, 'In progress').getByText('No tasks')).toBeVisible();
  await expect(theirs.getByRole('button', { name: 'Add a task', exact: true })).toHaveCount(0);

  await page.goto(`/t/${team}/board?q=nothing+like+it`);
  await expect(page.getByRole('heading', { name: 'No matching tasks' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear all' }).last().click();
  await expect(page.locator('[data-task]')).toHaveCount(2);
});
