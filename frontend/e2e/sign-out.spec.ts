import { card, enter, expect, live, PASSWORD, refusal, test } from './world.ts';

test('signing out says what it would lose, and loses nothing until it is confirmed', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'The task' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  await page.getByRole('complementary').locator('[aria-label="Write a comment"]').last().fill('Half a thought');
  await page.route(/\/tasks\/[^/]+$/, (route) => (route.request().method() === 'PATCH' ? undefined : route.fallback()));
  await page.keyboard.press('Escape');
  await card(page, 'The task').getByRole('link').focus();
  await page.keyboard.press('s');
  await page.getByRole('option', { name: 'Done' }).click();

  const signOut = async () => {
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  await signOut();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1 text that isn’t saved:');
  await expect(dialog).toContainText('Half a thought');
  await expect(dialog).toContainText('1 change that isn’t saved yet:');
  await expect(dialog).toContainText(/-1/);
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Write a comment' }).last()).toContainText('Half a thought');
  await signOut();
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.draft.')))).toEqual([]);
});

test('signing out with nothing unsaved asks nothing', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  await page.goto(`/t/${await world.team(ann)}/board`);
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
});

test('signing out asks and works also while the teams can’t be loaded', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  await enter(context, ann);
  await page.route(/\/api\/v1\/teams(\?|$)/, (route) => route.fulfill(refusal(500, 'internal')));
  await page.goto('/account/profile');
  await page.getByLabel('Your name').fill('Ann Berg');
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
});

test('nothing that one person did is there for the next in the same tab', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, ann, { title: 'The task' });
  await enter(context, ann);
  const board = `/t/${team}/board`;
  await page.goto(board);
  let answer = refusal(403, 'forbidden');
  await page.route(/\/tasks\/[^/]+$/, (route) =>
    route.request().method() === 'PATCH' ? route.fulfill(answer) : route.fallback(),
  );
  const message = page.getByText(/Couldn’t save \w+-1/i);
  const change = async () => {
    await live(page);
    await card(page, 'The task').getByRole('link').focus();
    await page.keyboard.press('s');
    await page.getByRole('option', { name: 'Done' }).click();
  };
  /** A mark that lasts as long as what the page has in memory. */
  const mark = () => page.evaluate(() => Object.assign(window, { sameMemory: true }));
  const isMarked = () => page.evaluate(() => 'sameMemory' in window);
  const signIn = async (email: string) => {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
  };

  await test.step('after signing out', async () => {
    await change();
    await expect(message).toBeVisible();
    await mark();
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
    await expect(message).toHaveCount(0);
    expect(await isMarked()).toBe(false);
    await expect(page).toHaveURL('/');
  });

  await test.step('after the end of a session', async () => {
    await signIn(bob.email);
    await change();
    await expect(message).toBeVisible();
    await mark();
    await context.clearCookies();
    answer = refusal(401, 'unauthenticated');
    await change();
    await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
    await signIn(ann.email);
    await expect(page.getByRole('button', { name: 'Account of Ann' })).toBeVisible();
    await expect(message).toHaveCount(0);
    await expect.poll(isMarked).toBe(false);
    await expect(page).toHaveURL(board);
  });
});
