import { enter, expect, live, test } from './world.ts';

test('the sidebar cuts off neither the number of unread messages nor the ring of the focus', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, ann, { title: 'For Bob', assignees: [bob.id] });
  await enter(context, bob);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.getByRole('button', { name: 'Narrow sidebar' }).click();
  const link = page.getByRole('link', { name: /^Inbox/ });
  const isWithin = (selector: string) =>
    link.locator(selector).evaluate((inner) => {
      const box = inner.closest('nav')?.getBoundingClientRect() ?? new DOMRect();
      const { left, right, top } = inner.getBoundingClientRect();
      return left >= box.left && right <= box.right && top >= box.top;
    });
  await expect(link.locator('[class*=badge]')).toBeVisible();
  expect(await isWithin('[class*=badge]')).toBe(true);
  await link.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(link).toBeFocused();
  expect(await link.evaluate((one) => parseFloat(getComputedStyle(one).outlineOffset))).toBeLessThan(0);
});

test('“edited” stands beside the time, in one line also at 320 px', async ({ page, context, world }) => {
  const ann = await world.person('Ann Archibald-Featherstonehaugh');
  const team = await world.team(ann);
  const task = await world.task(team, ann, { title: 'Talk' });
  const path = `teams/${team}/tasks/${task.id}/comments`;
  const comment = await world.call('POST', path, ann.token, { body: 'First' });
  await world.call('PATCH', `${path}/${comment.id}`, ann.token, { body: 'Second' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=${task.number}`);
  const when = page.locator('article header').getByText('edited');
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(when).toHaveText('now · edited');
    const box = await when.evaluate((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return { lines: new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size, width: range.getBoundingClientRect().width };
    });
    expect(box.lines).toBe(1);
    expect(box.width).toBeLessThan(120);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });

  test('keys are named in the list of shortcuts only', async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await enter(context, ann);
    await page.goto(`/t/${team}/board`);
    await live(page);
    await expect(page.getByText('Create the first task.')).toBeVisible();
    await expect(page.locator('kbd').filter({ visible: true })).toHaveCount(0);
    await page.getByRole('button', { name: /^Search/ }).click();
    await expect(page.getByRole('option', { name: 'New task' })).toBeVisible();
    await expect(page.locator('kbd').filter({ visible: true })).toHaveCount(0);
    await page.getByRole('combobox').fill('shortcuts');
    await page.getByRole('option', { name: 'Keyboard shortcuts' }).click();
    await expect(page.getByRole('dialog').locator('kbd').first()).toBeVisible();
  });
});
