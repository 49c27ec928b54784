import type { CDPSession, Page } from '@playwright/test';
import { enter, expect, live, test } from './world.ts';

/**
 * `LARGE_TEAM=<address of its owner> <its key>`: a team with 100,000 tasks, made with SQL, as a test has only the API.
 * Its owner has the password of all people in these tests.
 */
const [email = '', team = ''] = (process.env.LARGE_TEAM ?? '').split(' ');
const FIRST_CARD_MS = 1_000;
const HEAP_MIB = 150;
const PAINT_MS = 50;
const HELD = 5_000;

test.use({ trace: 'off' });
test.skip(email === '', 'LARGE_TEAM is not set');

async function heapMiB(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Infinity) / 2 ** 20;
}

function counting(page: Page): () => number {
  let tasks = 0;
  page.on('response', (response) => {
    if (!/\/teams\/[^/]+\/tasks$/.test(new URL(response.url()).pathname) || response.request().method() !== 'GET') return;
    response.json().then(
      (body: { items: unknown[] }) => (tasks += body.items.length),
      () => undefined,
    );
  });
  return () => tasks;
}

/** Scrolls to the end of what is there until so many tasks have been read. */
async function scrollUntil(page: Page, selector: string, read: () => number, count: number): Promise<void> {
  await expect(async () => {
    await page.locator(selector).first().evaluate((list) => list.scrollTo(0, list.scrollHeight));
    expect(read()).toBeGreaterThanOrEqual(count);
  }).toPass({ timeout: 120_000, intervals: [50] });
}

test('a team of 100,000 opens like one of 100', async ({ page, context }) => {
  test.setTimeout(300_000);
  await enter(context, { name: 'Lara', email, id: '', token: '' });
  await context.addInitScript(() => {
    const look = () => {
      if (document.querySelector('[data-task] a') === null) requestAnimationFrame(look);
      else performance.mark('card');
    };
    look();
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  const times: number[] = [];
  for (const view of ['board', 'list', 'board', 'list', 'board', 'list', 'board']) {
    await page.goto(`/t/${team}/${view}`);
    await page.waitForFunction(() => performance.getEntriesByName('card').length > 0);
    if (times.length > 0 || view === 'list') await live(page);
    times.push(await page.evaluate(() => performance.getEntriesByName('card')[0]?.startTime ?? Infinity));
  }
  const [cold = Infinity, ...warm] = times;
  warm.sort((a, b) => a - b);
  console.log(`FIGURE large: first card after ${cold.toFixed(0)} ms cold, ${warm[2]?.toFixed(0)} ms warm (worst ${warm.at(-1)?.toFixed(0)})`);
  const opened = await heapMiB(cdp);
  const read = counting(page);
  await page.getByRole('link', { name: 'List', exact: true }).click();
  await scrollUntil(page, '[data-testid="list"]', read, HELD);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await expect(page.locator('[data-task]').first()).toBeVisible();
  const used = await heapMiB(cdp);
  console.log(`FIGURE large: heap ${opened.toFixed(1)} MiB opened, ${used.toFixed(1)} MiB with ${read()} tasks more`);
  expect(warm[2]).toBeLessThanOrEqual(FIRST_CARD_MS);
  expect(used).toBeLessThanOrEqual(HEAP_MIB);
});

/** The times from input to paint of what `act` does, by the Event Timing API (in steps of 8 ms; 0 is below 16). */
async function paints(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const all: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (/^(keydown|keyup|pointerup|click)$/.test(entry.name)) all.push(entry.duration);
    });
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    Object.assign(window, { paints: all });
  });
  await act();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return page.evaluate(() => (window as unknown as { paints: number[] }).paints);
}

test('with 5,000 tasks held, keys and changes paint at once', async ({ page, context }) => {
  test.setTimeout(600_000);
  await enter(context, { name: 'Lara', email, id: '', token: '' });
  const read = counting(page);
  await page.goto(`/t/${team}/list`);
  await live(page);
  await scrollUntil(page, '[data-testid="list"]', read, HELD);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await expect(page.locator('[data-task]').first()).toBeVisible();
  const cdp = await context.newCDPSession(page);
  for (const rate of [1, 4]) {
    await cdp.send('Emulation.setCPUThrottlingRate', { rate });
    let presses = 0;
    const press = async (key: string) => {
      presses++;
      await page.keyboard.press(key);
    };
    await page.locator('[data-task] a').first().focus();
    const times = await paints(page, async () => {
      for (let n = 0; n < 20; n++) await press(n % 10 < 8 ? 'j' : 'l'.replace('l', 'k'));
      for (let n = 0; n < 6; n++) {
        await press(' ');
        await press('ArrowDown');
        await press('Enter');
      }
      await page.keyboard.press('/');
      for (const letter of 'report 42') await press(letter);
    });
    times.sort((a, b) => a - b);
    // What took less than 16 ms isn't listed.
    const all = [...Array.from({ length: Math.max(0, presses - times.length) }, () => 8), ...times];
    const p95 = all[Math.ceil(all.length * 0.95) - 1] ?? 0;
    console.log(`FIGURE paint: ${read()} tasks held, processor at 1/${rate}: p95 ${p95} ms, worst ${all.at(-1)} ms, ${all.length} events`);
    if (rate === 1) expect(p95).toBeLessThanOrEqual(PAINT_MS);
    await page.getByLabel('Filter by text').first().fill('').catch(() => undefined);
    await page.keyboard.press('Escape');
  }
});
