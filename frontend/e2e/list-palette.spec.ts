import type { Page } from '@playwright/test';
import { enter, expect, live, test } from './world.ts';

function box(page: Page) {
  return page.getByRole('dialog').getByRole('combobox');
}

test('the palette finds tasks beyond those on the screen, and says when there is nothing', async ({ page, context, world, watched }) => {
  // A key that names no task is asked for.
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const other = await world.team(ann, [], 'Büro');
  await world.task(team, ann, { title: 'Überprüfung der großen Anlage', status: 'cancelled' });
  for (let n = 0; n < 60; n++) await world.task(team, ann, { title: `Filler ${n}`, status: 'cancelled' });
  await world.task(team, ann, { title: 'Newest task' });
  await world.task(other, ann, { title: 'In the office' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const panel = page.getByRole('complementary');
  const ask = async (text: string) => {
    await page.keyboard.press('Control+k');
    await box(page).fill(text);
  };

  await test.step('by words in any order, without accents', async () => {
    await ask('anlage uberpruf');
    await expect(page.getByRole('option', { name: /Überprüfung/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(panel).toContainText(`${team.toUpperCase()}-1`);
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
  });

  await test.step('by key, however it is written', async () => {
    for (const text of ['42', `${team}-42`, `${team.toUpperCase()}-42`]) {
      await ask(text);
      await page.keyboard.press('Enter');
      await expect(panel).toContainText(`${team.toUpperCase()}-42`);
      await page.keyboard.press('Escape');
      await expect(panel).toBeHidden();
    }
    await ask(`${other.toUpperCase()}-1`);
    await page.keyboard.press('Enter');
    await expect(panel).toContainText(`${other.toUpperCase()}-1`);
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`/t/${team}/board`));
  });

  await test.step('says when there is nothing', async () => {
    await ask('no such thing anywhere');
    await expect(page.getByText('Nothing found for “no such thing anywhere”.')).toBeVisible();
    await box(page).fill(`${team}-4711`);
    await expect(page.getByText(`Nothing found for “${team}-4711”.`)).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('offers the tasks that were opened last', async () => {
    await page.keyboard.press('Control+k');
    const recent = page.getByRole('group', { name: 'Recent tasks' }).getByRole('option');
    await expect(recent.first()).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('keys pressed fast act on what was last pressed', async () => {
    await page.keyboard.press('Control+k');
    await box(page).fill('theme');
    await expect(page.getByRole('option', { name: /^Theme/ })).toHaveCount(3);
    const names = await page.getByRole('option', { name: /^Theme/ }).allTextContents();
    const keys = ['ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'];
    await Promise.all(keys.map((key) => page.keyboard.press(key)));
    await expect(page.locator('html')).toHaveAttribute('data-theme', names[1]?.replace('Theme: ', '') ?? '');
  });

  await test.step('a key of an input method is not a choice', async () => {
    await page.keyboard.press('Control+k');
    const cdp = await context.newCDPSession(page);
    await cdp.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', windowsVirtualKeyCode: 229 });
    await expect(box(page)).toHaveValue('に');
    await expect(box(page)).toBeFocused();
  });
});
