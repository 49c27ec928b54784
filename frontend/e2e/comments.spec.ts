import { enter, expect, live, refusal, test } from './world.ts';

test('a long discussion opens with its newest comments, and gives the older ones when asked', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const task = await world.task(team, ann, { title: 'Discussed' });
  const path = `teams/${team}/tasks/${task.id}/comments`;
  for (let n = 1; n <= 65; n++) await world.call('POST', path, ann.token, { body: `Comment ${n}.` });
  await enter(context, ann);
  let asked = 0;
  page.on('request', (request) => (asked += /\/comments\?/.test(request.url()) ? 1 : 0));
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const shown = page.locator('[data-panel-body]').getByText(/^Comment \d+\.$/);
  await expect(shown).toHaveText(from(36, 65));
  expect(asked).toBe(1);
  const older = page.getByRole('button', { name: 'Show older comments' });
  await older.click();
  await expect(shown).toHaveText(from(6, 65));
  // What is said meanwhile comes once, at the end.
  await world.call('POST', path, ann.token, { body: 'Comment 66.' });
  await expect(shown).toHaveText(from(6, 66));
  // A page that can't be read says so, and what is there stays.
  watched.expectFailures();
  await page.route(/\/comments\?/, (route) => route.fulfill(refusal(403, 'forbidden')));
  await older.click();
  await expect(page.locator('[data-panel-body]').getByRole('alert')).toBeVisible();
  await expect(shown).toHaveText(from(6, 66));
  await page.unroute(/\/comments\?/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(shown).toHaveText(from(1, 66));
  await expect(older).toHaveCount(0);
});

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => `Comment ${first + n}.`);

test('the question whether to delete a comment is left with Escape, and the focus stays in the panel', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const task = await world.task(team, ann, { title: 'Discussed' });
  for (const body of ['First.', 'Second.']) await world.call('POST', `teams/${team}/tasks/${task.id}/comments`, ann.token, { body });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  const comment = (text: string) => panel.getByRole('article').filter({ hasText: text });
  const question = panel.getByRole('alertdialog');
  const choose = async (text: string, item: string) => {
    await comment(text).getByRole('button', { name: /^Actions/ }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  await choose('First.', 'Delete');
  await expect(question.getByRole('button', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(comment('First.').getByRole('button', { name: /^Actions/ })).toBeFocused();

  await choose('First.', 'Edit');
  await expect(comment('First.').getByRole('textbox')).toBeFocused();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(comment('First.').getByRole('button', { name: /^Actions/ })).toBeFocused();

  for (const [text, next] of [['First.', comment('Second.')], ['Second.', panel]] as const) {
    await choose(text, 'Delete');
    await expect(question.getByRole('button', { name: 'Delete' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(comment(text)).toHaveCount(0);
    await expect(next).toBeFocused();
  }
});
