import { enter, expect, live, test } from './world.ts';

test('people of the same name are told apart where they are chosen', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const alex = [await world.person('Alex Kim'), await world.person('Alex Kim')];
  const team = await world.team(ann, alex.map((one) => [one, 'member']));
  await world.task(team, ann, { title: 'Shown' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const names = alex.map(({ email }) => `Alex Kim (${email})`);
  await page.keyboard.press('a');
  for (const name of names) await expect(page.getByRole('option', { name, exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.locator('#filter-text').fill('alex');
  for (const name of names) await expect(page.getByRole('option', { name, exact: true })).toBeVisible();
  await page.goto(`/t/${team}/settings/members`);
  for (const name of names) await expect(page.getByRole('button', { name: `Role of ${name}: Member` })).toBeVisible();
});
