/** Headings and tools keep their shape at every width, with a task open or not. */
import { enter, expect, live, test } from './world.ts';

const WIDTHS = [320, 390, 560, 721, 800, 861, 900, 961, 1024, 1100, 1280, 1440];

test('no heading or tool collapses between 320 and 1440 px', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (let n = 1; n <= 3; n++) await world.task(team, ann, { title: `Task ${n}` });
  await enter(context, ann);
  const found = new Set<string>();
  const screens = [
    `/t/${team}/board`,
    `/t/${team}/board?task=1`,
    `/t/${team}/list`,
    `/t/${team}/list?task=1`,
    `/t/${team}/dashboard`,
    '/inbox',
    `/t/${team}/settings/members`,
  ];
  for (const screen of screens) {
    await page.goto(screen);
    await live(page);
    if (screen.includes('task=')) await expect(page.getByRole('complementary').getByRole('textbox', { name: 'Title' })).toBeVisible();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 768 });
      const faults = await page.evaluate(() => {
        const main = document.querySelector('#main');
        const head = document.querySelector('main header, main h1')?.closest('header') ?? null;
        const heading = document.querySelector('main h1');
        if (main === null || heading === null) return ['no heading'];
        // Another part may lie over the whole page.
        if (main.closest('[inert]') !== null) return [];
        const edge = main.getBoundingClientRect();
        const all: string[] = [];
        const { width, height } = heading.getBoundingClientRect();
        const isForScreenReaders = getComputedStyle(heading).clipPath !== 'none';
        if (!isForScreenReaders && (heading.scrollWidth > width + 1 || height > 40)) all.push(`heading ${width} × ${height}`);
        for (const control of head?.querySelectorAll<HTMLElement>('button, input, a') ?? []) {
          const box = control.getBoundingClientRect();
          if (!control.checkVisibility() || (box.width <= 1 && box.height <= 1)) continue;
          const name = control.getAttribute('aria-label') ?? control.textContent;
          if (box.width < 24 || box.height > 44) all.push(`${name} ${box.width} × ${box.height}`);
          if (box.left < edge.left - 1 || box.right > edge.right + 1) all.push(`${name} beyond the page`);
        }
        return all;
      });
      for (const fault of faults) found.add(`${screen} at ${width}: ${fault}`);
    }
  }
  expect([...found]).toEqual([]);
});
