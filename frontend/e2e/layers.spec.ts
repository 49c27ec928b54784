import type { Page } from '@playwright/test';
import { card, enter, expect, live, test } from './world.ts';

test.beforeEach(async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, ann, { title, description: 'Some text.' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await expect(page.locator('[data-task]')).toHaveCount(3);
});

test.describe('the open task and the selection', () => {
  test('opening a task ends the selection: keys act on what is open', async ({ page }) => {
    const bar = page.getByRole('region', { name: 'Selected tasks' });
    const about = page.getByRole('dialog').getByRole('heading').first();
    await card(page, 'First').getByRole('link').focus();
    await page.keyboard.press('x');
    await expect(bar).toBeVisible();
    await card(page, 'Third').getByRole('link').click();
    await expect(page.getByRole('complementary')).toBeFocused();
    await expect(bar).toBeHidden();
    for (const key of ['s', 'a', 'p', 'l', 'd']) {
      await page.keyboard.press(key);
      await expect(about).toContainText('-1 ');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await page.keyboard.press('Delete');
    await expect(page.getByRole('dialog')).toContainText('Third');
  });

  test('in the open task, keys mean it also when cards are selected afterwards', async ({ page }) => {
    await card(page, 'Third').getByRole('link').click();
    const panel = page.getByRole('complementary');
    await expect(panel).toBeFocused();
    await card(page, 'First').click({ modifiers: ['Control'] });
    await expect(page.getByRole('region', { name: 'Selected tasks' })).toBeVisible();
    await panel.focus();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('dialog')).toContainText('Third');
  });

  test('Ctrl+A in the open task selects text and no cards', async ({ page }) => {
    const bar = page.getByRole('region', { name: 'Selected tasks' });
    await card(page, 'Third').getByRole('link').click();
    await expect(page.getByRole('complementary')).toBeFocused();
    await page.keyboard.press('Control+a');
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('Some text.');
    await expect(bar).toBeHidden();
    await card(page, 'First').getByRole('link').focus();
    await page.keyboard.press('Control+a');
    await expect(bar).toContainText('3 tasks selected');
  });
});

test.describe('Escape ends the uppermost thing', () => {
  test('the text of the filter, and then the open task', async ({ page }) => {
    const panel = page.getByRole('complementary');
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await card(page, 'First').getByRole('link').click();
    await expect(panel).toBeFocused();
    await filter.fill('rs');
    await filter.fill('high');
    await expect(page.getByRole('option', { name: 'High', exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
    await expect(filter).toHaveValue('high');
    await page.keyboard.press('Escape');
    await expect(filter).toHaveValue('');
    await expect(filter).not.toBeFocused();
    await expect(panel).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
  });

  test('a lifted card, then the selection, then the open task', async ({ page }) => {
    const panel = page.getByRole('complementary');
    const bar = page.getByRole('region', { name: 'Selected tasks' });
    await card(page, 'First').getByRole('link').click();
    await expect(panel).toBeFocused();
    await card(page, 'Second').getByRole('link').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('Space');
    await expect(page.locator('[data-lifted]')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-lifted]')).toHaveCount(0);
    await expect(bar).toBeVisible();
    await bar.getByRole('button', { name: 'Status' }).focus();
    await page.keyboard.press('Escape');
    await expect(bar).toBeHidden();
    await expect(panel).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
  });

  test('what lies over the open task, and not the task', async ({ page }) => {
    const panel = page.getByRole('complementary');
    await card(page, 'First').getByRole('link').click();
    await expect(panel).toBeFocused();
    for (const key of ['Control+k', '?', 'c', 'd', 's', 'Delete']) {
      await page.keyboard.press(key);
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(panel).toBeVisible();
    }
    await panel.getByRole('button', { name: 'Status' }).click();
    await expect(page.getByRole('option', { name: 'Done' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
    await card(page, 'Second').click({ button: 'right' });
    await expect(page.getByRole('menu')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await expect(panel).toBeVisible();
  });
});

/** What closes goes back over its entry: the address is at rest when the page's own entry is the current one. */
const atRest = (page: Page) => expect.poll(() => page.evaluate(() => JSON.stringify(history.state))).not.toContain('layers');

test.describe('Back closes the uppermost thing', () => {
  const dialog = (page: Page) => page.getByRole('dialog');

  for (const [name, key] of [
    ['the palette', 'Control+k'],
    ['the shortcuts', '?'],
    ['a property', 's'],
    ['a question', 'Delete'],
  ] as const) {
    test(`${name}, and leaves no entry behind`, async ({ page }) => {
      const link = card(page, 'First').getByRole('link');
      for (const way of ['Back', 'Escape'] as const) {
        await link.focus();
        await page.keyboard.press(key);
        await expect(dialog(page)).toBeVisible();
        if (way === 'Back') await page.goBack();
        else await page.keyboard.press('Escape');
        await expect(dialog(page)).toHaveCount(0);
        await atRest(page);
        await expect(page).toHaveURL(/\/board$/);
        await expect(link).toBeFocused();
      }
      await page.goBack();
      await expect(page).toHaveURL(/\/list$/);
    });
  }

  test('a new task, after a deep link too, and keeps what was typed', async ({ page }) => {
    await page.goto(page.url());
    await live(page);
    const field = dialog(page).getByRole('textbox', { name: 'Title' });
    await page.keyboard.press('c');
    await field.fill('Half a title');
    await dialog(page).getByRole('button', { name: 'Status' }).click();
    await expect(page.getByRole('option', { name: 'Done' })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('option')).toHaveCount(0);
    await expect(field).toBeVisible();
    await page.goBack();
    await expect(dialog(page)).toHaveCount(0);
    await expect(page).toHaveURL(/\/board$/);
    await page.goForward();
    await atRest(page);
    await expect(dialog(page)).toHaveCount(0);
    await expect(page).toHaveURL(/\/board$/);
    await page.keyboard.press('c');
    await expect(field).toHaveValue('Half a title');
    await page.reload();
    await live(page);
    await atRest(page);
    await expect(dialog(page)).toHaveCount(0);
  });

  test('a menu', async ({ page }) => {
    const menu = page.getByRole('menu');
    const openings = [
      () => card(page, 'First').click({ button: 'right' }),
      () => page.getByRole('button', { name: 'Account of Ann' }).click(),
    ];
    for (const open of openings) {
      await open();
      await expect(menu).toBeVisible();
      await page.goBack();
      await expect(menu).toHaveCount(0);
      await expect(page).toHaveURL(/\/board$/);
    }
    await page.goBack();
    await expect(page).toHaveURL(/\/list$/);
  });

  test('the values of a property, then the task', async ({ page }) => {
    const panel = page.getByRole('complementary');
    await card(page, 'First').getByRole('link').click();
    await panel.getByRole('button', { name: 'Status' }).click();
    await expect(page.getByRole('option', { name: 'Done' })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('option')).toHaveCount(0);
    await expect(panel).toBeVisible();
    await panel.focus();
    await page.keyboard.press('Delete');
    await dialog(page).getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(panel).toHaveCount(0);
    await expect(page).toHaveURL(/\/board$/);
    await page.goBack();
    await expect(page).toHaveURL(/\/list$/);
  });

  test('what a command opens takes the place of the palette', async ({ page }) => {
    const panel = page.getByRole('complementary');
    const ask = async (text: string) => {
      await page.keyboard.press('Control+k');
      await dialog(page).getByRole('combobox').fill(text);
      await expect(page.getByRole('option', { selected: true })).toContainText(text);
      await page.keyboard.press('Enter');
      await expect(dialog(page).getByRole('combobox')).toHaveCount(0);
    };
    await ask('Third');
    await expect(panel).toContainText('Third');
    await page.goBack();
    await expect(panel).toHaveCount(0);
    await expect(page).toHaveURL(/\/board$/);
    await ask('Keyboard shortcuts');
    await expect(dialog(page)).toBeVisible();
    await page.goBack();
    await expect(dialog(page)).toHaveCount(0);
    await ask('Dashboard');
    await expect(page).toHaveURL(/\/dashboard$/);
    await page.goBack();
    await expect(page).toHaveURL(/\/board$/);
    await page.goBack();
    await expect(page).toHaveURL(/\/list$/);
  });

  test('an address that changes while something is open is kept', async ({ page }) => {
    await page.getByRole('combobox', { name: 'Filter' }).fill('ir');
    await card(page, 'Third').click({ button: 'right' });
    await expect(page.getByRole('menu')).toBeVisible();
    await expect(page).toHaveURL(/q=ir$/);
    await page.keyboard.press('Escape');
    await atRest(page);
    await expect(page).toHaveURL(/q=ir$/);
    await expect(page.locator('[data-task]')).toHaveCount(2);
    await page.goBack();
    await expect(page).toHaveURL(/\/list$/);
  });
});
