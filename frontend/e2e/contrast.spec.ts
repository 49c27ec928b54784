/** Forced colours, as of Windows' contrast themes, and reduced motion. */
import type { Locator, Page } from '@playwright/test';
import { card, enter, expect, live, test } from './world.ts';

const STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'];
const PRIORITIES = ['none', 'low', 'medium', 'high', 'urgent'];

/** How many of these look different. */
async function looks(all: Locator): Promise<number> {
  const seen = new Set<string>();
  for (const one of await all.all()) seen.add((await one.screenshot()).toString('base64'));
  return seen.size;
}

/** How an element is marked besides by its colours, which are the system's. */
async function markOf(element: Locator): Promise<string> {
  return element.evaluate((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle === 'none' ? 'none' : `${outlineWidth} ${outlineStyle} ${outlineColor}`;
  });
}

test('forced colours: status, priority, selection and focus are told apart', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const status of STATUSES) await world.task(team, ann, { title: `Is ${status}`, status });
  for (const priority of PRIORITIES) await world.task(team, ann, { title: `Of ${priority}`, priority });
  await enter(context, ann);
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(`/t/${team}/list`);
  await expect(card(page, 'Of urgent')).toBeVisible();
  await live(page);
  await expect(card(page, 'Is cancelled')).toBeVisible();

  const icons = (kind: string, titles: string[]) =>
    page.locator('[data-task]').filter({ hasText: new RegExp(titles.join('|')) }).locator(`[class*=${kind}_] svg`);
  await expect(icons('status', STATUSES.map((status) => `Is ${status}`))).toHaveCount(5);
  expect(await looks(icons('status', STATUSES.map((status) => `Is ${status}`)))).toBe(5);
  expect(await looks(icons('priority', PRIORITIES.map((priority) => `Of ${priority}`)))).toBe(5);

  const row = card(page, 'Of high');
  const link = row.getByRole('link');
  const plain = { row: await markOf(row), link: await markOf(link) };
  expect(plain).toEqual({ row: 'none', link: 'none' });
  await link.focus();
  const focus = await markOf(link);
  expect(focus).not.toBe('none');
  await page.keyboard.press('x');
  const selected = await markOf(row);
  expect(selected).not.toBe('none');
  expect(selected).not.toBe(focus);

  const isMarked = async (element: Locator) => expect(await markOf(element), String(element)).not.toBe('none');
  await isMarked(page.getByRole('navigation', { name: 'Main' }).locator('[aria-current=page]'));
  expect(await markOf(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Board', exact: true }))).toBe('none');
  await page.keyboard.press('Control+k');
  await isMarked(page.getByRole('option').first());
  expect(await markOf(page.getByRole('option').nth(1))).toBe('none');
  await page.keyboard.press('Escape');
  await page.goto(`/t/${team}/board?task=1`);
  await isMarked(page.getByRole('tab', { name: 'Comments' }));
  await isMarked(page.locator('[data-task][data-open]'));
  await page.getByLabel('Title', { exact: true }).focus();
  await isMarked(page.getByLabel('Title', { exact: true }));
  await page.goto('/account/appearance');
  await isMarked(page.locator('label').filter({ has: page.getByRole('radio', { checked: true }) }));
});

/** Whatever moves by itself is written down. */
async function watchMotion(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(window, { moved });
    for (const type of ['animationstart', 'transitionrun'] as const) {
      addEventListener(type, ({ target }) => moved.push(`${type} ${(target as Element).className}`), true);
    }
    for (const name of ['scrollTo', 'scrollBy', 'scrollIntoView', 'scroll'] as const) {
      const before = Reflect.get(Element.prototype, name) as (...args: unknown[]) => void;
      Element.prototype[name] = function (this: Element, ...args: unknown[]) {
        if (JSON.stringify(args).includes('smooth')) moved.push(`${name} ${this.className}`);
        before.apply(this, args);
      };
    }
    const animate = Reflect.get(Element.prototype, 'animate') as (...args: unknown[]) => Animation;
    Element.prototype.animate = function (this: Element, ...args: Parameters<Element['animate']>) {
      moved.push(`animate ${this.className}`);
      return animate.apply(this, args);
    };
  });
  return () => page.evaluate(() => (window as unknown as { moved: string[] }).moved.splice(0));
}

for (const reducedMotion of ['reduce', 'no-preference'] as const) {
  test(`what moves by itself with the preference ${reducedMotion}`, async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    for (let n = 1; n <= 30; n++) await world.task(team, ann, { title: `Task ${n}` });
    await enter(context, ann);
    await page.emulateMedia({ reducedMotion });
    const moved = await watchMotion(page);
    const all: string[] = [];
    await page.goto(`/t/${team}/board?task=1`);
    await expect(page.getByLabel('Title', { exact: true })).toBeVisible();
    await live(page);
    await page.keyboard.press('Escape');
    await world.task(team, ann, { title: 'News', status: 'in_progress' });
    await expect(card(page, 'News')).toBeVisible();
    for (let n = 0; n < 20; n++) await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByLabel('Title').fill('Made here');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(/ created$/).first()).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    all.push(...(await moved()));
    await page.goto(`/t/${team}/dashboard`);
    await expect(page.locator('canvas')).toBeVisible();
    all.push(...(await moved()));
    // With motion, there is something to be seen: the test would notice.
    if (reducedMotion === 'reduce') expect(all).toEqual([]);
    else expect(all).not.toEqual([]);
  });
}
