/** What couldn't be read is said where it is missing, and can be tried again. */
import { column, enter, expect, live, refusal, test } from './world.ts';

test('a search that failed says so in the palette, and finds the task when it is tried again', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Buy bread', status: 'completed' });
  await enter(context, ann);
  await page.goto(`/t/${team}/dashboard`);
  await live(page);
  // The palette also reads what was changed last: with that, it would have the task and need no search.
  const searches = /\/tasks\?.*(q=|sort=updated)/;
  await page.route(searches, (route) => route.fulfill(refusal(500, 'internal')));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('bread');
  const palette = page.getByRole('dialog');
  await expect(palette.getByRole('alert')).toContainText('Couldn’t load the tasks.');
  await expect(palette).not.toContainText('Searching…');
  await page.unroute(searches);
  await palette.getByRole('button', { name: 'Try again' }).click();
  await expect(palette.getByRole('option', { name: /Buy bread/ })).toBeVisible();
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toContainText('Buy bread');
});

test('a column that couldn’t be read says so, beside those that could, and reads on when it is told to', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const titles = Array.from({ length: 60 }, (_, n) => `Task ${n + 1}`);
  await Promise.all(titles.map((title) => world.task(team, ann, { title })));
  await enter(context, ann);
  const more = /\/tasks\?.*cursor=/;
  const blocked = /\/tasks\?.*status=blocked/;
  for (const url of [more, blocked]) await page.route(url, (route) => route.fulfill(refusal(500, 'internal')));
  await page.goto(`/t/${team}/board`);
  await live(page);
  await expect(column(page, 'Blocked').getByRole('alert')).toContainText('Couldn’t load everything.');
  const pending = column(page, 'To do');
  const scrollDown = () => pending.locator('[data-task]').last().scrollIntoViewIfNeeded();
  await expect(async () => {
    await scrollDown();
    await expect(pending.getByRole('alert')).toContainText('Couldn’t load everything.', { timeout: 200 });
  }).toPass();
  await expect(pending.locator('[data-task]').first()).toBeVisible();
  await expect(column(page, 'In progress').getByRole('alert')).toHaveCount(0);

  for (const url of [more, blocked]) await page.unroute(url);
  await pending.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(async () => {
    await scrollDown();
    await expect(pending.locator('[aria-posinset="60"]')).toBeVisible({ timeout: 200 });
  }).toPass();
});
