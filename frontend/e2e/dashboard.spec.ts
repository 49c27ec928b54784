import { enter, expect, test } from './world.ts';

for (const zone of ['Pacific/Auckland', 'America/St_Johns', 'Europe/Berlin']) {
  test(`days are the viewer’s in ${zone}: table, chart and clock agree`, async ({ browser, world, baseURL }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await world.task(team, ann, { title: 'Of today' });
    const context = await browser.newContext({ timezoneId: zone, locale: 'en-GB', ...(baseURL !== undefined && { baseURL }) });
    await enter(context, ann);
    const page = await context.newPage();
    await page.goto(`/t/${team}/dashboard`);
    const today = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short' }).format(new Date());
    await page.getByText('Show as a table').click();
    await expect(page.getByRole('row').nth(1)).toContainText(today);
    await expect(page.getByRole('row').nth(1)).toContainText('1');
    await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', `${today}: 1 created, 0 completed`);
    await page.getByRole('row').nth(1).getByRole('link').click();
    await expect(page.getByRole('heading', { name: `Created: ${today}` })).toBeVisible();
    await expect(page.getByRole('link', { name: /Of today/ })).toBeVisible();
    await context.close();
  });
}

test('every number opens the tasks that it counts', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Open one', assignees: [ann.id] });
  await world.task(team, ann, { title: 'Blocked one', status: 'blocked' });
  await world.task(team, ann, { title: 'Done one', status: 'completed' });
  await enter(context, ann);
  const tasks = page.locator('main').getByRole('link').filter({ hasText: / one/ });
  for (const [number, titles] of [
    [/^Open 2/, [/Open one/, /Blocked one/]],
    [/^Created 3/, [/Open one/, /Blocked one/, /Done one/]],
    [/^Completed 1/, [/Done one/]],
    [/^Blocked 1/, [/Blocked one/]],
    [/^Ann 1/, [/Open one/]],
    [/^Unassigned 1/, [/Blocked one/]],
  ] as const) {
    await page.goto(`/t/${team}/dashboard`);
    await page.getByRole('link', { name: number }).click();
    await expect(tasks).toHaveCount(titles.length);
    for (const title of titles) await expect(tasks.filter({ hasText: title })).toHaveCount(1);
  }
});

test('an empty team has nothing yet', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/dashboard`);
  await expect(page.getByRole('heading', { name: 'Nothing yet' })).toBeVisible();
  await expect(page.locator('canvas')).toHaveCount(0);
});

test('the chart is read with the arrow keys, and fits a small screen', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'One' });
  await enter(context, ann);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`/t/${team}/dashboard?days=7`);
  const chart = page.getByRole('slider');
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuenow', '0');
  await page.keyboard.press('End');
  await expect(chart).toHaveAttribute('aria-valuetext', /1 created, 0 completed/);
  const wider = await page.evaluate(() => {
    const body = document.querySelector('main > :last-child');
    return body === null ? -1 : body.scrollWidth - body.clientWidth;
  });
  expect(wider).toBe(0);
});
