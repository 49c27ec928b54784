/** What lies over the page covers nothing that is being used. */
import type { Locator, Page } from '@playwright/test';
import { card, column, enter, expect, live, test } from './world.ts';

async function overlap(a: Locator, b: Locator): Promise<boolean> {
  const [one, other] = [await a.boundingBox(), await b.boundingBox()];
  if (one === null || other === null) throw new Error('One of them is not there.');
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

const message = (page: Page, text: RegExp) => page.getByLabel('Messages').locator('[data-kind]').filter({ hasText: text });

for (const width of [390, 1024, 1440]) {
  test(`messages cover neither fields nor the bar of a selection, and creating counts up: ${width} px`, async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await enter(context, ann);
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/t/${team}/board`);
    await live(page);
    await world.task(team, ann, { title: 'First' });
    await expect(card(page, 'First')).toBeVisible();
    await page.getByRole('button', { name: 'Add a task to To do' }).click();
    const quick = page.getByLabel('Title of a new task in To do');
    for (const title of ['One', 'Two', 'Three', 'Four']) {
      await quick.fill(title);
      await quick.press('Enter');
    }
    const created = message(page, /4 tasks created/);
    await expect(created).toBeVisible();
    await expect(page.getByLabel('Messages').locator('[data-kind]')).toHaveCount(1);
    expect(await overlap(created, quick)).toBe(false);
    expect(await overlap(created, page.getByRole('combobox', { name: 'Filter' }))).toBe(false);
    expect(await overlap(created, card(page, 'Four'))).toBe(false);
    await quick.press('Escape');
    await card(page, 'Four').getByRole('link').focus();
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Selected tasks' });
    await expect(bar).toBeVisible();
    expect(await overlap(created, bar)).toBe(false);
    // All four are undone together.
    await created.getByRole('button', { name: 'Undo' }).click();
    await expect(message(page, /4 tasks deleted/)).toBeVisible();
    await expect(column(page, 'To do').locator('[data-task]')).toHaveCount(1);
  });
}

for (const [title, direction] of [
  ['A title that is long enough to fill the whole first line of its card and more', 'ltr'],
  ['כותרת ארוכה מספיק כדי למלא את כל השורה הראשונה של הכרטיס ועוד קצת מעבר לזה', 'rtl'],
] as const) {
  for (const [width, isTouch] of [[390, true], [1280, false]] as const) {
    test(`the buttons of a card lie on no letter of its title: ${direction}, ${width} px`, async ({ browser, baseURL, world }) => {
      const ann = await world.person('Ann');
      const team = await world.team(ann);
      await world.task(team, ann, { title });
      const context = await browser.newContext({
        ...(baseURL !== undefined && { baseURL }),
        ignoreHTTPSErrors: true,
        viewport: { width, height: 800 },
        hasTouch: isTouch,
        isMobile: isTouch,
      });
      await enter(context, ann);
      const page = await context.newPage();
      await page.goto(`/t/${team}/board`);
      await live(page);
      const link = page.locator('[data-task]').getByRole('link');
      if (!isTouch) await link.hover();
      const covered = await page.locator('[data-task]').evaluate((element) => {
        const range = document.createRange();
        const text = document.createTreeWalker(element.querySelector('a') ?? element, NodeFilter.SHOW_TEXT).nextNode();
        if (text === null) throw new Error('There is no title.');
        range.selectNodeContents(text);
        const lines = [...range.getClientRects()];
        const shown = [...element.querySelectorAll('button')].filter((button) => button.checkVisibility({ opacityProperty: true }));
        const meets = (a: DOMRect, b: DOMRect) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        return { lines: lines.length, buttons: shown.length, covered: shown.filter((button) => lines.some((line) => meets(line, button.getBoundingClientRect()))).length };
      });
      expect(covered.lines).toBeGreaterThan(1);
      expect(covered.buttons).toBeGreaterThan(0);
      expect(covered.covered).toBe(0);
      await context.close();
    });
  }
}
