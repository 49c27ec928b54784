/** Two tabs of one browser: theme, sign-out and drafts. */
import type { BrowserContext, Page } from '@playwright/test';
import { card, enter, expect, live, PASSWORD, test, type Person } from './world.ts';

async function twoTabs(context: BrowserContext, page: Page, address: string): Promise<Page> {
  const other = await context.newPage();
  await page.goto(address);
  await other.goto(address);
  await expect(page.getByRole('button', { name: 'Account of Ann' })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Account of Ann' })).toBeVisible();
  return other;
}

/** `loses`: a text isn't saved, and the page asks first. */
async function signOut(page: Page, loses = false): Promise<void> {
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  if (loses) await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
}

async function signIn(page: Page, { email }: Person): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
}

for (const has of [true, false]) {
  test(`theme and sign-out reach the other tab ${has ? 'with' : 'without'} BroadcastChannel and locks`, async ({
    page,
    context,
    world,
  }) => {
    if (!has) {
      await context.addInitScript(() => {
        Reflect.deleteProperty(window, 'BroadcastChannel');
        Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
      });
    }
    const ann = await world.person('Ann');
    await enter(context, ann);
    const other = await twoTabs(context, page, '/');
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.keyboard.press('Escape');
    await signOut(page);
    await expect(other.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
    // Signing in reaches it too.
    await signIn(page, ann);
    await expect(other.getByRole('button', { name: 'Account of Ann' })).toBeVisible();
  });
}

test('signing out erases drafts; in another tab what was typed is still there for the same person', async ({
  page,
  context,
  world,
  watched,
}) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, ann);
  const other = await twoTabs(context, page, `/t/${team}/board`);
  await live(other);
  const title = (tab: Page) => tab.getByRole('dialog').getByLabel('Title', { exact: true });
  await other.bringToFront();
  await other.keyboard.press('c');
  await title(other).fill('Typed in the other tab');
  await page.bringToFront();
  // The tab that signs out knows the text by then.
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('Typed in the other tab');
  await signOut(page, true);
  await expect(other.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('Typed in the other tab');
  await signIn(other, ann);
  await live(other);
  // The dialog that was open is open again.
  await expect(title(other)).toHaveValue('Typed in the other tab');

  await test.step('somebody else sees none', async () => {
    await other.keyboard.press('Escape');
    await signOut(other, true);
    await signIn(other, bob);
    await expect(other.getByRole('button', { name: 'Account of Bob' })).toBeVisible();
    await other.goto(`/t/${team}/board`);
    await live(other);
    await other.keyboard.press('c');
    await expect(title(other)).toHaveValue('');
  });
});

test('tabs that open at once without locks all stay signed in', async ({ page, context, world }) => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Seen in each' });
  await enter(context, ann);
  const tabs = [page, ...(await Promise.all([1, 2, 3].map(() => context.newPage())))];
  await Promise.all(tabs.map((tab) => tab.goto(`/t/${team}/board`)));
  for (const tab of tabs) await expect(card(tab, 'Seen in each')).toBeVisible();
});

test('one comment in two tabs goes on where it is written, and is sent once', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const task = await world.task(team, ann, { title: 'Read the logs' });
  await enter(context, ann);
  const other = await twoTabs(context, page, `/t/${team}/board?task=${task.number}`);
  const comment = (tab: Page) => tab.locator('.cm-content[aria-label="Write a comment"]');
  for (const tab of [page, other]) await expect(comment(tab)).toBeVisible();
  // What the tab that only follows writes down could be older than what is there by then.
  await other.evaluate(() => {
    const written: string[] = [];
    Object.assign(window, { written });
    const write = localStorage.setItem.bind(localStorage);
    Storage.prototype.setItem = (key, value) => {
      if (key.includes('comment:')) written.push(value);
      write(key, value);
    };
  });
  await page.bringToFront();
  await comment(page).click();
  for (const word of ['See', ' the', ' logs']) {
    await page.keyboard.type(word);
    await expect(comment(other)).toHaveText(new RegExp(`${word}$`));
  }
  expect(await other.evaluate(() => (window as unknown as { written: string[] }).written)).toEqual([]);
  await other.bringToFront();
  await comment(other).click();
  await other.keyboard.press('Control+End');
  await other.keyboard.type(' of today');
  await expect(comment(page)).toHaveText('See the logs of today');
  await other.keyboard.press('Control+Enter');
  await expect(other.getByText('See the logs of today')).toHaveCount(1);
  await expect(comment(page)).toHaveText('Leave a comment…');
  await page.bringToFront();
  await comment(page).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('See the logs of today')).toHaveCount(1);
  const { items } = (await world.call('GET', `teams/${team}/tasks/${task.number}/comments`, ann.token)) as { items: unknown[] };
  expect(items).toHaveLength(1);
});

test('one new task in two tabs is made once', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  const other = await twoTabs(context, page, `/t/${team}/board`);
  await live(other);
  const title = (tab: Page) => tab.getByRole('dialog').getByLabel('Title', { exact: true });
  await page.keyboard.press('c');
  await title(page).fill('Made in one tab');
  await other.keyboard.press('c');
  await expect(title(other)).toHaveValue('Made in one tab');
  await other.keyboard.press('Control+Enter');
  await expect(card(other, 'Made in one tab')).toHaveCount(1);
  await expect(title(page)).toHaveValue('');
  await page.keyboard.press('Control+Enter');
  const { items } = (await world.call('GET', `teams/${team}/tasks`, ann.token)) as { items: unknown[] };
  expect(items).toHaveLength(1);
});
