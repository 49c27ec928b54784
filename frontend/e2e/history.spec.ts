import { enter, expect, live, test } from './world.ts';

test('a history is read as far as it is looked at', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const { number } = await world.task(team, ann, { title: 'Title 0' });
  for (let n = 1; n <= 60; n++) await world.call('PATCH', `teams/${team}/tasks/${number}`, ann.token, { title: `Title ${n}` });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=${number}`);
  await live(page);
  await page.getByRole('tab', { name: 'History' }).click();
  const events = page.getByRole('tabpanel', { name: 'History' }).getByText(/^Ann /);
  await expect(events).toHaveCount(50);
  await expect(page.getByText('created the task')).toHaveCount(0);

  // What happens now comes on top, beside what was read.
  await world.call('PATCH', `teams/${team}/tasks/${number}`, ann.token, { priority: 'high' });
  await expect(events).toHaveCount(51);
  await page.getByRole('button', { name: 'Show older events' }).click();
  await expect(page.getByText('created the task')).toBeVisible();
  await expect(events).toHaveCount(62);
  await expect(page.getByRole('button', { name: 'Show older events' })).toHaveCount(0);
});
