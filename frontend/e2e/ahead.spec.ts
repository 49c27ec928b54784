/** What is typed before the field that a key asked for is there: nobody waits for it, and nothing of it is lost. */
import { answered, card, column, enter, expect, live, test } from './world.ts';

/** How late each part of the page that the first screen can do without comes. */
const LATE_MS = 400;

test('nothing typed is lost while a part of the page is loading', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Water the plants', 'Feed the cat']) await world.task(team, ann, { title });
  await enter(context, ann);
  // Each step begins with a fresh page, where nothing was loaded ahead. What a page is left with unanswered, the next one
  // sends again, and may be refused over what the first has saved: so each step waits for its answer.
  const begin = async (focused?: string) => {
    await page.unrouteAll({ behavior: 'wait' });
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.route('**/assets/*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      await route.continue();
    });
    if (focused !== undefined) await card(page, focused).getByRole('link').focus();
  };
  const panel = page.getByRole('complementary');

  await test.step('the palette', async () => {
    await begin();
    await page.keyboard.press('Control+K');
    await page.keyboard.type('water the plants', { delay: 50 });
    await expect(page.getByRole('combobox')).toHaveValue('water the plants');
    await page.keyboard.press('Escape');
    await begin();
    await page.keyboard.press('Control+K');
    await page.keyboard.type('feed');
    await page.keyboard.press('Enter');
    await expect(panel.getByLabel('Title', { exact: true })).toHaveValue('Feed the cat');
  });

  await test.step('a new task', async () => {
    await begin();
    await page.keyboard.press('c');
    await page.keyboard.type('Buy bread');
    const created = answered(page, 'POST');
    await page.keyboard.press('Enter');
    await expect(card(page, 'Buy bread')).toBeVisible();
    await created;
  });

  await test.step('a property', async () => {
    await begin('Buy bread');
    await page.keyboard.press('s');
    await page.keyboard.type('blocked');
    const saved = answered(page, 'PATCH');
    await page.keyboard.press('Enter');
    await expect(column(page, 'Blocked')).toContainText('Buy bread');
    await saved;
  });

  await test.step('a title', async () => {
    await begin('Buy bread');
    await page.keyboard.press('r');
    // Half of it before, half of it after the field is there.
    await page.keyboard.type('Buy rolls, not bread', { delay: 40 });
    const saved = answered(page, 'PATCH');
    await page.keyboard.press('Enter');
    await expect(card(page, 'Buy rolls, not bread')).toBeVisible();
    await saved;
  });

  await test.step('a description', async () => {
    await begin('Feed the cat');
    await page.keyboard.press('e');
    await page.keyboard.type('Twice a day, at nine and at seven', { delay: 30 });
    await expect(panel.getByLabel('Description', { exact: true }).last()).toContainText('Twice a day, at nine and at seven');
    const saved = answered(page, 'PATCH');
    await page.keyboard.press('Control+Enter');
    await expect(panel.getByText('Twice a day')).toBeVisible();
    await saved;
  });

  await test.step('a comment', async () => {
    await begin('Feed the cat');
    await page.keyboard.press('m');
    await page.keyboard.type('Done, with a long explanation', { delay: 30 });
    await page.keyboard.press('Control+Enter');
    await expect(panel.getByRole('article')).toContainText('Done, with a long explanation');
  });
});
