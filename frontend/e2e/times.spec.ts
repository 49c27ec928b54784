import { card, enter, expect, live, test, watch, type Person } from './world.ts';

const VIEWERS = [
  { locale: 'de-DE', timezoneId: 'Pacific/Auckland', day: '26. Nov.', clock: '09:30' },
  { locale: 'en-GB', timezoneId: 'America/St_Johns', day: '25 Nov', clock: '17:00' },
  { locale: 'en-US', timezoneId: 'Asia/Kolkata', day: 'Nov 26', clock: '2:00 AM' },
  { locale: 'ja-JP', timezoneId: 'Pacific/Auckland', day: '11月26日', clock: '9:30' },
  { locale: 'ar-EG', timezoneId: 'Asia/Kolkata', day: '٢٦ نوفمبر', clock: '٢:٠٠ ص' },
] as const;

for (const { locale, timezoneId, day, clock } of VIEWERS) {
  test(`dates and clocks are the viewer’s: ${locale}, ${timezoneId}`, async ({ browser, world, baseURL }) => {
    const ann: Person = await world.person('Ann');
    const team = await world.team(ann);
    await world.task(team, ann, { title: 'Due', due_at: '2026-11-25T20:30:00Z' });
    const context = await browser.newContext({ locale, timezoneId, ...(baseURL !== undefined && { baseURL }) });
    const { complaints } = await watch(context);
    await enter(context, ann);
    const page = await context.newPage();
    await page.goto(`/t/${team}/board`);
    const due = card(page, 'Due').locator('time');
    await expect(due).toHaveText(day);
    expect((await due.getAttribute('title'))?.replaceAll('\u202f', ' ')).toContain(clock);
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('how long ago something was said stays true', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const { id } = await world.task(team, ann, { title: 'Talked about' });
  await world.call('POST', `teams/${team}/tasks/${id}/comments`, ann.token, { body: 'Just now' });
  await enter(context, ann);
  await page.clock.install();
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const said = page.getByRole('article').filter({ hasText: 'Just now' }).locator('time').first();
  await expect(said).toHaveText('now');
  await page.clock.fastForward('05:10');
  await expect(said).toHaveText('5 min. ago');
  await page.clock.fastForward('02:00:00');
  await expect(said).toHaveText('2 hr. ago');
});

for (const view of ['board', 'list'] as const) {
  test(`a task is overdue as soon as its day is over: ${view}`, async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    // 23:59 in Berlin, where this browser is.
    await world.task(team, ann, { title: 'Due today', due_at: '2026-11-25T22:59:00Z' });
    await enter(context, ann);
    await page.clock.install({ time: '2026-11-25T22:50:00Z' });
    await page.goto(`/t/${team}/${view}`);
    const chip = card(page, 'Due today').locator('[data-due]');
    await expect(chip).toHaveAttribute('data-due', 'soon');
    await page.clock.fastForward('15:00');
    await expect(chip).toHaveAttribute('data-due', 'over');
  });
}
