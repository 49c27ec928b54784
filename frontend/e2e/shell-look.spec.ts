import { card, enter, expect, live, test, watch } from './world.ts';

test('the panel leaves the filter, the columns and the focus in sight', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Second', 'First']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  await expect(panel.getByLabel('Title', { exact: true })).toBeVisible();
  for (const width of [1440, 1360, 1024, 961]) {
    await page.setViewportSize({ width, height: 800 });
    const aside = await panel.boundingBox();
    const main = await page.locator('#main').boundingBox();
    if (aside === null || main === null) throw new Error('not shown');
    expect(main.x + main.width).toBeLessThanOrEqual(aside.x);
    await expect(page.getByRole('combobox', { name: 'Filter' })).toBeInViewport();
    const isUnder = await card(page, 'First').getByRole('link').evaluate((link) => {
      link.focus();
      const { left, top, width: w, height } = link.getBoundingClientRect();
      return !link.contains(document.elementFromPoint(left + w / 2, top + height / 2));
    });
    expect(isUnder).toBe(false);
  }
  await page.setViewportSize({ width: 1360, height: 800 });
  const handle = page.getByRole('separator', { name: 'Width of the task' });
  const before = await panel.boundingBox();
  await handle.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect((await panel.boundingBox())?.width).toBeGreaterThan(before?.width ?? 0);
  for (const width of [960, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.locator('#main')).toHaveAttribute('inert');
  }
});

for (const [name, size] of [['320 px', { width: 320, height: 640 }], ['400 % zoom', { width: 320, height: 256 }]] as const) {
  test(`nothing scrolls sideways but the board: ${name}`, async ({ page, context, world, watched }) => {
    // An older server doesn't know the dashboard's time zone.
    watched.expectFailures();
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await world.task(team, ann, { title: 'A task whose title is long enough for two lines or three' });
    await enter(context, ann);
    await page.setViewportSize(size);
    for (const path of [`/t/${team}/board`, `/t/${team}/list`, `/t/${team}/board?task=1`, `/t/${team}/team`, `/t/${team}/dashboard`, '/inbox', '/account', '/nothing']) {
      await page.goto(path);
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeAttached();
      await expect(page.locator('main, aside').first()).toBeAttached();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, path).toBeLessThanOrEqual(size.width);
    }
    await page.goto(`/t/${team}/board`);
    const task = card(page, 'A task').getByRole('link');
    await task.scrollIntoViewIfNeeded();
    await task.click();
    await expect(page.getByRole('complementary')).toContainText('A task');
  });
}

test('the theme reaches other tabs, and the browser’s frame', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  const other = await context.newPage();
  await page.goto(`/t/${team}/board`);
  await other.goto(`/t/${team}/board`);
  await live(page);
  await live(other);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
  for (const one of [page, other]) {
    await expect(one.locator('meta[name=theme-color]').first()).toHaveAttribute('content', '#0d0e10');
  }
});

test('the page can be installed', async ({ page, browser, baseURL }) => {
  interface Manifest {
    icons: { src: string; sizes: string; purpose: string }[];
  }
  await page.goto('/');
  const manifest = await page.evaluate(async () => (await (await fetch('/manifest.webmanifest')).json()) as Manifest);
  expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual(expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']));
  for (const { src } of manifest.icons) {
    expect(await page.evaluate(async (icon) => (await fetch(icon)).headers.get('content-type'), src)).toMatch(/^image\//);
  }
  const context = await browser.newContext({ ...(baseURL !== undefined && { baseURL }), ignoreHTTPSErrors: true, colorScheme: 'dark' });
  const { complaints } = await watch(context);
  const session = await context.newCDPSession(await context.newPage());
  await context.pages()[0]?.goto('/');
  const { errors } = (await session.send('Page.getAppManifest')) as { errors: unknown[] };
  expect(errors).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the sidebar folds, and stays folded', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const bob = await world.person('Bob');
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, bob);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const nav = page.getByRole('navigation', { name: 'Main' });
  await expect(nav.getByRole('link', { name: 'Account' })).toBeVisible();
  await expect(nav.getByRole('link', { name: 'Status' })).toHaveCount(0);
  const wide = (await nav.boundingBox())?.width ?? 0;
  await page.getByRole('button', { name: 'Narrow sidebar' }).click();
  await page.reload();
  await expect.poll(async () => (await nav.boundingBox())?.width).toBeLessThan(wide / 2);
  await nav.getByRole('link', { name: 'List' }).click();
  await expect(page).toHaveURL(/\/list$/);
});
