import { card, column, enter, expect, live, test } from './world.ts';

test('a deep link shows its task before the team’s tasks are there', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const task = await world.task(team, ann, { title: 'Opened by its address' });
  await enter(context, ann);
  let release = () => undefined as unknown;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/teams\/[^/]+\/tasks\?/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/t/${team}/board?task=${task.number}`);
  await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Opened by its address');
  await expect(page.locator('[data-task]')).toHaveCount(0);
  release();
  await expect(card(page, 'Opened by its address')).toBeVisible();
});

test('what is made under a filter stays in sight', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Urgent thing', priority: 'urgent' });
  await world.task(team, ann, { title: 'Calm thing' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?priority=urgent`);
  await live(page);
  await expect(card(page, 'Urgent thing')).toBeVisible();
  await expect(card(page, 'Calm thing')).toHaveCount(0);
  await page.getByRole('button', { name: 'Add a task to Blocked' }).click();
  await page.getByLabel('Title of a new task in Blocked').fill('Made under a filter');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Made under a filter').getByRole('link')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(column(page, 'Blocked')).toContainText('Made under a filter');
  await expect(page.getByText('It doesn’t match the filter')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(card(page, 'Calm thing')).toBeVisible();
  await expect(card(page, 'Made under a filter')).toBeVisible();
});
