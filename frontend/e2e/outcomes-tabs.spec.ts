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
