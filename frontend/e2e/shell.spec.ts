import { card, enter, expect, live, test } from './world.ts';

test.describe('history', () => {
  test.beforeEach(async ({ page, context, world }, info) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    for (const title of ['Third', 'Second', 'First']) await world.task(team, ann, { title });
    await enter(context, ann);
    info.annotations.push({ type: 'team', description: team });
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.goto('/inbox');
  });

  const teamOf = (info: { annotations: { type: string; description?: string }[] }) => info.annotations[0]?.description ?? '';

  test('Back never reopens what was closed', async ({ page }, info) => {
    const board = `/t/${teamOf(info)}/board`;
    const panel = page.getByRole('complementary');
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await card(page, 'First').getByRole('link').click();
    await expect(panel).toContainText('First');
    await card(page, 'Second').getByRole('link').click();
    await expect(panel.getByLabel('Title', { exact: true })).toHaveValue('Second');
    await panel.focus();
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`${board}$`));
    await expect(card(page, 'Second').getByRole('link')).toBeFocused();
    await page.goBack();
    await expect(page).toHaveURL(/\/inbox$/);
  });

  test('Back closes an open task', async ({ page }, info) => {
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await card(page, 'First').getByRole('link').click();
    await card(page, 'Third').getByRole('link').click();
    await expect(page.getByRole('complementary')).toContainText('Third');
    await page.goBack();
    await expect(page.getByRole('complementary')).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`/t/${teamOf(info)}/board$`));
  });

  test('a deep link shows the task; closed, Back leaves the page', async ({ page }, info) => {
    await page.goto(`/t/${teamOf(info)}/board?task=2`);
    await expect(page.getByRole('complementary')).toContainText('Second');
    await card(page, 'First').getByRole('link').click();
    await expect(page.getByRole('complementary').getByLabel('Title', { exact: true })).toHaveValue('First');
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('complementary')).toHaveCount(0);
    await page.goBack();
    await expect(page).toHaveURL(/\/inbox$/);
  });

  test('a filter that is set beside an open task survives its closing', async ({ page }, info) => {
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await card(page, 'First').getByRole('link').click();
    await page.getByRole('combobox', { name: 'Filter' }).fill('ir');
    await expect(page).toHaveURL(/q=ir/);
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('complementary')).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`/t/${teamOf(info)}/board\\?q=ir$`));
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByRole('link', { name: 'List' }).click();
    await expect(page.getByRole('combobox', { name: 'Filter' })).toHaveValue('ir');
    await expect(page.locator('[data-task]')).toHaveCount(2);
  });
});

test.describe('addresses', () => {
  test('keys match without case, of teams and of tasks', async ({ page, context, world, watched }) => {
    // The server answers 404 for tasks that don't exist.
    watched.expectFailures();
    const ann = await world.person('Ann');
    const [ops, dev] = [await world.team(ann), await world.team(ann, [], 'Developers')];
    await world.task(ops, ann, { title: 'In operations' });
    await world.task(dev, ann, { title: 'In development' });
    await enter(context, ann);
    await page.goto(`/t/${dev}/board`);
    await live(page);
    await page.goto(`/t/${ops.toUpperCase()}/board?task=${ops.toUpperCase()}-1`);
    await expect(page.getByRole('complementary')).toContainText('In operations');
    await expect(page).toHaveURL(new RegExp(`/t/${ops}/board\\?task=${ops}-1`, 'i'));
    await page.goto(`/t/${ops}/board?task=${dev}-1`);
    await expect(page.getByRole('complementary')).toContainText('Task not found');
    await expect(page.getByRole('complementary')).not.toContainText('In development');
    await page.goto(`/t/${ops}/board?task=99`);
    await expect(page.getByRole('complementary')).toContainText('Task not found');
    await page.goto(`/t/${ops}/board?task=nonsense`);
    await expect(page.getByRole('complementary')).toContainText('Task not found');
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await expect(card(page, 'In operations')).toBeVisible();
  });

  test('an unknown team or address says so and leads on', async ({ page, context, world, watched }) => {
    watched.expectFailures();
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    const others = await world.team(await world.person('Zoe'), [], 'Elsewhere');
    await world.task(team, ann, { title: 'Mine' });
    await enter(context, ann);
    await page.goto(`/t/${team}/board`);
    await live(page);
    for (const address of [`/t/${others}/board?task=1`, `/t/${others.toUpperCase()}/list`, '/t/nothing', `/t/${team}/nothing`, '/nothing/at/all']) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(/not found/);
      await expect(page.locator('[data-task]')).toHaveCount(0);
      await expect(page.getByRole('complementary')).toHaveCount(0);
      await page.getByRole('link', { name: 'Go to Operations' }).click();
      await expect(card(page, 'Mine')).toBeVisible();
    }
  });

  test('every page and task has its own title', async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await world.task(team, ann, { title: 'Name me' });
    await page.goto('/');
    await expect(page).toHaveTitle('Sign in · TaskHub');
    await page.goto('/signup');
    await expect(page).toHaveTitle('Sign up · TaskHub');
    await enter(context, ann);
    const key = team.toUpperCase();
    for (const [address, title] of [
      [`/t/${team}/board`, 'Board · Operations · TaskHub'],
      [`/t/${team}/list?task=1`, `${key}-1 Name me · List · Operations · TaskHub`],
      [`/t/${team}/dashboard`, 'Dashboard · Operations · TaskHub'],
      ['/inbox', 'Inbox · TaskHub'],
      ['/account', 'Profile · TaskHub'],
      ['/nothing', 'Page not found · TaskHub'],
    ] as const) {
      await page.goto(address);
      await expect(page).toHaveTitle(title);
    }
  });
});

test('names that every object has are no pages, and may be the key of a team', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/dashboard/constructor`);
  await expect(page).toHaveTitle(/^Page not found/);
  await page.goto(`/t/${team}/settings/__proto__`);
  await expect(page).toHaveURL(/settings\/members$/);
  await page.goto('/account/constructor');
  await expect(page).toHaveURL(/account\/profile$/);
  // Whether or not there is such a team, it isn't Ann's.
  watched.expectFailures();
  await page.goto('/t/constructor');
  await expect(page.getByRole('main')).not.toBeEmpty();
  await expect(page.getByText('Something went wrong')).toHaveCount(0);
});
