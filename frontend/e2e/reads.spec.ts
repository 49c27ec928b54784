/** What couldn't be read is said where it is missing, and can be tried again. */
import { enter, expect, live, test } from './world.ts';

test('a search that failed says so in the palette, and finds the task when it is tried again', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Buy bread', status: 'completed' });
  await enter(context, ann);
  await page.goto(`/t/${team}/dashboard`);
  await live(page);
  const searches = /\/tasks\?.*q=/;
  await page.route(searches, (route) => route.fulfill({ status: 500 }));
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
