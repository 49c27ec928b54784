import { card, column, enter, expect, live, test } from './world.ts';

test('a cut network: nothing is lost, and the page goes on without a reload', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const { id } = await world.task(team, ann, { title: 'Before the cut' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  // What is opened next has been loaded by then.
  await page.waitForFunction(() => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    return ['TaskPanel', 'Palette', 'PropertyDialog', 'PropertyOptions', 'NewTask'].every((part) =>
      loaded.some((name) => name.includes(`/${part}-`)),
    );
  });
  await page.evaluate(() => Object.assign(window, { sameVisit: true }));

  await context.setOffline(true);
  await expect(page.getByTestId('live')).toHaveText('Offline');

  await test.step('what is done meanwhile is seen, and said to wait', async () => {
    await card(page, 'Before the cut').getByRole('link').focus();
    await page.keyboard.press('s');
    await page.getByRole('option', { name: 'In progress' }).click();
    await expect(page.getByLabel('Messages')).toContainText('You are offline. 1 change is waiting.');
    await expect(column(page, 'In progress')).toContainText('Before the cut');
  });

  await test.step('pages can still be opened', async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('Before');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary')).toContainText('Before the cut');
    await page.keyboard.press('Escape');
  });

  await test.step('what others did meanwhile is there soon after', async () => {
    await world.call('PATCH', `teams/${team}/tasks/${id}`, bob.token, { title: 'After the cut' });
    for (let n = 0; n < 230; n += 10) {
      const some = Array.from({ length: 10 }, (_, m) => world.task(team, bob, { title: `Meanwhile ${n + m}` }));
      await Promise.all(some);
    }
    const changes: string[] = [];
    page.on('request', (request) => {
      if (/\/(changes|events|tasks)\b/.test(request.url())) changes.push(new URL(request.url()).pathname.split('/').pop() ?? '');
    });
    const start = Date.now();
    await context.setOffline(false);
    await expect(card(page, 'After the cut')).toBeVisible();
    await expect(column(page, 'To do').getByRole('heading')).toBeVisible();
    await expect(column(page, 'To do')).toContainText('230');
    console.log(`FIGURE network: 231 missed events were there ${Date.now() - start} ms after the cut, by ${changes.join(', ')}`);
    expect(changes).toContain('changes');
    expect(changes).not.toContain('tasks');
    await live(page);
  });

  await test.step('what waited is saved', async () => {
    const { items } = await world.call('GET', `teams/${team}/tasks?status=in_progress`, ann.token);
    expect(items.map((task) => task.id)).toEqual([id]);
  });
  expect(await page.evaluate(() => 'sameVisit' in window)).toBe(true);
});

test('a session that has ended says so, and goes on where one was', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Still here' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
  await page.getByLabel('Email').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Still here')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(`/t/${team}/list`);
});

test('two tabs: signing out of one signs out of the other', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  const other = await context.newPage();
  await page.goto('/');
  // From / the page goes on to a team's board, which closes an open menu.
  await live(page);
  await other.goto('/');
  await expect(other.getByRole('button', { name: 'Account of Ann' })).toBeVisible();
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, other]) await expect(tab.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
  await Promise.all([page, other].map((tab) => tab.waitForLoadState('networkidle')));
});

test('offline, a comment that waits says so, and a page that can’t load says why', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Talk it over' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  await expect(panel.getByText('No comments yet.')).toBeVisible();
  await expect(panel.locator('.cm-content')).toBeVisible();
  await context.setOffline(true);
  await panel.locator('.cm-content').click();
  await page.keyboard.type('Later');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('article')).toContainText('waiting to be sent');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.getByText('You are offline. This loads when the network is back.')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('Created and completed per day')).toBeVisible();
  await page.goBack();
  await expect(panel.getByRole('article')).toContainText('Later');
  await expect(panel.getByText('waiting to be sent')).toHaveCount(0);
});
