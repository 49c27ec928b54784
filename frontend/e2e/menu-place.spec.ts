/** An open menu lies within the window, wherever its button is. */
import type { Locator, Page } from '@playwright/test';
import { card, enter, expect, live, test } from './world.ts';

async function isWithin(page: Page, menu: Locator): Promise<void> {
  await expect(menu).toBeVisible();
  await expect
    .poll(async () => {
      const box = await menu.boundingBox();
      const window = page.viewportSize();
      if (box === null || window === null) return 'nowhere';
      const isIn = box.x >= 0 && box.y >= 0 && box.x + box.width <= window.width && box.y + box.height <= window.height;
      return isIn ? 'within' : `${JSON.stringify(box)} of ${JSON.stringify(window)}`;
    })
    .toBe('within');
  // Nothing that it lies in cuts it off.
  await expect(menu.getByRole('menuitem').last()).toBeInViewport({ ratio: 1 });
}

test('the menu of a comment low in the panel', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const { number } = await world.task(team, ann, { title: 'Talk it over' });
  for (let n = 0; n < 14; n++) await world.call('POST', `teams/${team}/tasks/${number}/comments`, ann.token, { body: `Comment ${n}` });
  await enter(context, ann);
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.goto(`/t/${team}/board`);
  await live(page);
  await card(page, 'Talk it over').getByRole('link').click();
  const buttons = page.getByRole('button', { name: 'Actions for the comment' });
  await expect(buttons).toHaveCount(14);
  // The lowest that is in sight, at the foot of what scrolls.
  for (const n of [13, 6]) {
    await buttons.nth(n).evaluate((button) => button.scrollIntoView({ block: 'end' }));
    await buttons.nth(n).click();
    await isWithin(page, page.getByRole('menu'));
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  }
});
