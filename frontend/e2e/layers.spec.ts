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
