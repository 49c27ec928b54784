/** Parts of the page that can't be downloaded when they are needed: without a network, and after a new release. */
import { ask, card, enter, expect, live, test, type Person, type World } from './world.ts';
import type { BrowserContext, Page } from '@playwright/test';

/** A board whose further parts, scripts or styles, can't be had until `release` is called. */
async function cutOff(page: Page, context: BrowserContext, world: World, ann: Person, missing: RegExp, status?: number) {
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Buy bread', description: 'Brown *bread*' });
  await enter(context, ann);
  await page.route(missing, (route) => (status === undefined ? route.abort() : route.fulfill({ status })));
  await page.goto(`/t/${team}/board`);
  await live(page);
  return { team, release: () => page.unroute(missing) };
}

const SAYS = 'This part of the page couldn’t be downloaded.';

test('what couldn’t be downloaded can be tried again, with its styles', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const missing = /\/assets\/(TaskPanel-.*\.css|menu-parts-.*\.js|Markdown-.*\.js|TaskMenu-.*\.js)$/;
  const { release } = await cutOff(page, context, world, ann, missing);

  await test.step('the panel, of which only the styles are missing', async () => {
    await card(page, 'Buy bread').getByRole('link').click();
    await expect(page.getByRole('complementary')).toContainText(SAYS);
  });

  await test.step('menus', async () => {
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await expect(page.getByLabel('Messages').getByRole('alert')).toContainText(SAYS);
    await expect(page.getByRole('menu')).toBeHidden();
    await card(page, 'Buy bread').click({ button: 'right' });
    await expect(page.getByRole('dialog')).toContainText(SAYS);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  await release();
  await page.getByRole('complementary').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('complementary').getByLabel('Title', { exact: true })).toHaveValue('Buy bread');
  await expect(page.getByRole('complementary')).toContainText('Brown bread');
  await expect(page.getByRole('complementary')).toHaveCSS('border-top-left-radius', '8px');
  await page.getByLabel('Messages').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
});

test('what is missing loads by itself when the network is back', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const { release } = await cutOff(page, context, world, ann, /\/assets\/Palette-.*\.js$/);
  await context.setOffline(true);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toContainText(SAYS);
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Try again' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Control+k');
  await release();
  await context.setOffline(false);
  await expect(page.getByRole('combobox')).toBeVisible();
});

test('after a new release, the page offers to reload and keeps what was typed', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const { team, release } = await cutOff(page, context, world, ann, /\/assets\/(List|Markdown)-.*\.js$/, 404);
  await card(page, 'Buy bread').getByRole('link').click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Half a comment');
  const current = /\/$/;
  await page.route(current, async (route) => {
    const response = await ask(route);
    await route.fulfill({ response, body: (await response.text()).replaceAll(/start-[^"]*\.js/g, 'start-newer.js') });
  });
  await page.getByRole('link', { name: 'List' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'TaskHub has been updated' }).first();
  await expect(alert).toContainText('What you typed is kept.');
  await release();
  await page.unroute(current);
  await alert.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByTestId('list')).toContainText('Buy bread');
  await page.goto(`/t/${team}/board`);
  await card(page, 'Buy bread').getByRole('link').click();
  await expect(page.getByRole('textbox', { name: 'Comment' })).toContainText('Half a comment');
});
