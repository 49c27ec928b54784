/** Many tabs of one browser, which has 6 connections to a plain http origin for all of them. */
import type { BrowserContext, Page } from '@playwright/test';
import { SLOW } from './browser.ts';
import { card, enter, expect, live, test } from './world.ts';

const TABS = 8;

/** Makes a task with the keyboard; the server has it soon. */
async function make(page: Page, title: string): Promise<void> {
  const saved = page.waitForResponse((response) => response.request().method() === 'POST' && response.status() === 201, {
    timeout: SLOW * 5_000,
  });
  await page.keyboard.press('c');
  await page.getByLabel('Title', { exact: true }).fill(title);
  await page.keyboard.press('Enter');
  await saved;
}

/** As on a plain http name, also where the tests run on localhost. */
async function withoutLocks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
}

async function open(context: BrowserContext, team: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let n = 0; n < TABS; n++) {
    const page = await context.newPage();
    await page.goto(`/t/${team}/board`);
    await expect(card(page, 'There at first')).toBeVisible();
    pages.push(page);
  }
  return pages;
}

test('eight windows load, save and hear of changes', async ({ context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, bob, { title: 'There at first' });
  await withoutLocks(context);
  await enter(context, ann);
  const windows = await open(context, team);
  const states = async () => (await Promise.all(windows.map((page) => page.getByTestId('live').textContent()))).sort();
  const expected = [...Array<string>(3).fill('Live'), ...Array<string>(TABS - 3).fill('Updates every 5 s')];
  await expect.poll(states).toEqual(expected);

  for (const [n, page] of windows.entries()) await make(page, `Made in window ${n}`);
  await world.task(team, bob, { title: 'From a colleague' });
  for (const page of windows) {
    for (let n = 0; n < TABS; n++) await expect(card(page, `Made in window ${n}`)).toBeVisible();
    await expect(card(page, 'From a colleague')).toBeVisible();
  }

  const [first, second, ...others] = windows as [Page, Page, ...Page[]];
  for (const page of others) await page.close();
  for (const page of [first, second]) await live(page);
});

test('background tabs that are looked at one after the other are live, and save at once', async ({ context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, bob, { title: 'There at first' });
  await withoutLocks(context);
  // Chromium shows every page of a test.
  await context.addInitScript(() => {
    let state: DocumentVisibilityState = 'hidden';
    Object.defineProperty(document, 'visibilityState', { get: () => state });
    addEventListener('test-visibility', (event) => {
      state = (event as CustomEvent<DocumentVisibilityState>).detail;
      document.dispatchEvent(new Event('visibilitychange'));
    });
  });
  const show = (page: Page, state: DocumentVisibilityState) =>
    page.evaluate((detail) => dispatchEvent(new CustomEvent('test-visibility', { detail })), state);
  await enter(context, ann);
  const tabs = await open(context, team);
  const [first, last] = [tabs[0] as Page, tabs.at(-1) as Page];
  for (const page of tabs) {
    await show(page, 'visible');
    await live(page);
    if (page !== last) await show(page, 'hidden');
  }
  await make(last, 'Made in the last tab');
  await world.task(team, bob, { title: 'From a colleague' });
  await expect(card(last, 'From a colleague')).toBeVisible();

  await show(last, 'hidden');
  await show(first, 'visible');
  await expect(card(first, 'From a colleague')).toBeVisible();
  await expect(card(first, 'Made in the last tab')).toBeVisible();
  await live(first);
});
