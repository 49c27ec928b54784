import { card, enter, expect, live, refusal, test } from './world.ts';

/** After a restore of the database, the server's log is shorter than what the page has seen: it answers 410. */
test('after a restore of the database, an open page reads its data anew', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Kept over the restore' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.evaluate(() => Object.assign(window, { sameVisit: true }));

  await context.setOffline(true);
  await expect(page.getByTestId('live')).toHaveText('Offline');
  await world.task(team, ann, { title: 'Of the restored log' });
  const lists: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('/tasks')) lists.push(request.url());
  });
  let isRestored = false;
  await page.route(/\/(changes|events)\b/, async (route) => {
    // The log that the page has followed is gone until it has read anew.
    if (isRestored || lists.length > 0) return route.continue();
    isRestored = true;
    return route.fulfill(refusal(410, 'log-reset'));
  });
  await context.setOffline(false);
  await live(page);
  await expect(card(page, 'Of the restored log')).toBeVisible();
  await expect(card(page, 'Kept over the restore')).toBeVisible();
  expect(lists.length).toBeGreaterThan(0);

  await world.task(team, ann, { title: 'After the restore' });
  await expect(card(page, 'After the restore')).toBeVisible();
  expect(await page.evaluate(() => 'sameVisit' in window)).toBe(true);
});
