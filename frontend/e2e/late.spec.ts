/** Parts of the page that come late: they take nothing away from what the user has begun meanwhile. */
import type { BrowserContext, Page } from '@playwright/test';
import { ask, enter, expect, test, type World } from './world.ts';

/** Holds a part of the page back until the result is called. */
async function holdBack(page: Page, part: RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(part, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** A board whose open task comes when the result is called. */
async function boardWithLateTask(page: Page, context: BrowserContext, world: World): Promise<() => void> {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Buy bread' });
  await enter(context, ann);
  const release = await holdBack(page, /\/assets\/TaskPanel-.*\.js$/);
  await page.goto(`/t/${team}/board?task=1`);
  return release;
}

async function openAccountMenu(page: Page) {
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  const dark = page.getByRole('menuitemradio', { name: 'Dark' });
  await expect(dark).toBeVisible();
  return dark;
}

test('an open menu stays open when the first visit’s form comes', async ({ page, context, world }) => {
  await enter(context, await world.person('Ann'));
  const release = await holdBack(page, /\/assets\/FirstVisit-.*\.js$/);
  await page.goto('/');
  const dark = await openAccountMenu(page);
  release();
  await expect(page.getByRole('heading', { name: 'Name your team' })).toBeVisible();
  await dark.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

for (const use of ['a menu', 'a field'] as const) {
  test(`an opened task that comes late takes the focus from nothing: ${use}`, async ({ page, context, world }) => {
    const release = await boardWithLateTask(page, context, world);
    const filter = page.getByRole('combobox', { name: 'Filter' });
    if (use === 'a menu') await openAccountMenu(page);
    else await filter.pressSequentially('bre');
    release();
    await expect(page.getByRole('complementary').getByLabel('Title', { exact: true })).toHaveValue('Buy bread');
    if (use === 'a menu') {
      await expect(page.getByRole('menu')).toBeVisible();
    } else {
      await page.keyboard.type('ad');
      await expect(filter).toHaveValue('bread');
    }
  });
}

test('an opened task that comes late has the focus if nothing else does', async ({ page, context, world }) => {
  const release = await boardWithLateTask(page, context, world);
  await expect(page.getByRole('combobox', { name: 'Filter' })).toBeVisible();
  release();
  await expect(page.getByRole('complementary')).toBeFocused();
});

test('the link of an invitation is shown, however late the list from before it comes', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  let isFirst = true;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/invitations?*', async (route) => {
    const isHeld = isFirst && route.request().method() === 'GET';
    if (!isHeld) return route.continue();
    isFirst = false;
    // Read before the invitation, and shown after it.
    const response = await ask(route);
    await released;
    return route.fulfill({ response });
  });
  await page.goto(`/t/${team}/settings/invitations`);
  await page.getByLabel('Email').fill('erin@example.com');
  const made = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/invitations'));
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await made;
  await expect(page.getByText('Invitation for erin@example.com created')).toBeVisible();
  release();
  await expect(page.getByLabel('Invitation link')).toBeVisible();
});
