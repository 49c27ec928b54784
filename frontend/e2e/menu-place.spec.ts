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

for (const width of [320, 390, 1280]) {
  test(`the submenus of a card: ${width} px`, async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await world.label(team, ann, 'Bug');
    await world.task(team, ann, { title: 'Talk it over' });
    await enter(context, ann);
    await page.setViewportSize({ width, height: 760 });
    await page.goto(`/t/${team}/board`);
    await live(page);
    await card(page, 'Talk it over').hover();
    await page.getByRole('button', { name: /^Actions for/ }).click();
    const menus = page.getByRole('menu');
    await expect(menus).toHaveCount(1);
    const names = ['Status', 'Assignees', 'Priority', 'Labels', 'Due date', 'Move'];
    for (const name of names) {
      await menus.first().getByRole('menuitem', { name, exact: true }).focus();
      await page.keyboard.press('ArrowRight');
      await expect(menus).toHaveCount(2);
      await expect
        .poll(async () => {
          const box = await menus.last().boundingBox();
          return box !== null && box.width > 150 && box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= 760;
        }, { message: name })
        .toBe(true);
      await page.keyboard.press('ArrowLeft');
      await expect(menus).toHaveCount(1);
    }
  });
}
