/** What a colleague adds, moves or removes moves no row under a resting pointer. */
import type { Locator, Page } from '@playwright/test';
import { enter, expect, live, test } from './world.ts';

/** Rests on the row in the middle of what is in sight; gives it, by an id that stays. */
async function restOnMiddle(page: Page, rows: Locator): Promise<{ row: Locator; top: number }> {
  const id = await rows.evaluateAll((all) => {
    const middle = innerHeight / 2;
    const distance = (one: Element) => Math.abs(one.getBoundingClientRect().top - middle);
    const nearest = all.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    nearest.setAttribute('data-rested-on', '');
    return nearest.getAttribute('data-task');
  });
  const row = id === null ? page.locator('[data-rested-on]') : page.locator(`[data-task="${id}"]`);
  const box = await row.boundingBox();
  if (box === null) throw new Error('nothing is in sight');
  await page.mouse.move(box.x + 40, box.y + 6);
  return { row, top: box.y };
}

async function expectAtRest(row: Locator, top: number): Promise<void> {
  const at = await row.boundingBox();
  expect(Math.abs((at?.y ?? Infinity) - top)).toBeLessThanOrEqual(1);
}

for (const view of ['board', 'list'] as const) {
  test(`rows stay under the pointer: ${view}`, async ({ page, context, world }) => {
    const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
    const team = await world.team(ann, [[bob, 'member']]);
    const tasks = [];
    for (let n = 1; n <= 40; n++) tasks.push(await world.task(team, ann, { title: `Task ${n}` }));
    await enter(context, ann);
    await page.goto(`/t/${team}/${view}`);
    await live(page);
    const rows = page.locator('[data-task]');
    await expect(rows.first()).toBeVisible();
    const scroller = view === 'list' ? page.getByTestId('list') : page.getByRole('region', { name: 'To do' }).locator('[class*=_scroller_]');
    const scroll = (top: number) => scroller.evaluate((one, to) => one.scrollTo({ top: to, behavior: 'instant' }), top);
    const order = await rows.evaluateAll((all) => all.map((one) => one.getAttribute('data-task') ?? ''));

    const patch = (task: string, fields: object) => world.call('PATCH', `teams/${team}/tasks/${task}`, bob.token, fields);
    const said = page.getByTestId('ticker');

    // At the top: what comes above is held back, as is a heading of its own.
    const first = await restOnMiddle(page, rows);
    await world.task(team, bob, { title: 'New on top', status: 'in_progress' });
    await expect(said).toContainText(/created \S+-\d+/);
    await expectAtRest(first.row, first.top);
    await patch(order[1] ?? '', { status: 'completed' });
    await expect(said).toContainText(/moved \S+ to Done/);
    await expectAtRest(first.row, first.top);
    await world.call('DELETE', `teams/${team}/tasks/${order[2]}`, bob.token);
    await expect(said).toContainText(/deleted \S+-\d+/);
    await expectAtRest(first.row, first.top);
    await page.mouse.move(2, 2);

    // In the middle, and after the pointer has left.
    await scroll(600);
    const { row, top } = await restOnMiddle(page, rows);
    await world.call('DELETE', `teams/${team}/tasks/${order[3]}`, bob.token);
    await expect(said).toContainText(/deleted \S+-\d+|more/);
    await patch(order[4] ?? '', { status: 'blocked' });
    await expect(said).toContainText(/moved \S+ to Blocked/);
    await expectAtRest(row, top);
    await page.mouse.move(2, 2);
    await expect(page.getByRole('button', { name: /\d+ changes?$/ })).toHaveCount(0);
    await expectAtRest(row, top);
  });
}

test('comments stay under the pointer', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const task = await world.task(team, ann, { title: 'Discussed', description: 'Short.' });
  const path = `teams/${team}/tasks/${task.id}`;
  const comments = [];
  for (let n = 1; n <= 20; n++) {
    const body = `Comment ${n}.${'\n\nOne more paragraph.'.repeat(n % 4)}`;
    comments.push(await world.call('POST', `${path}/comments`, bob.token, { body }));
  }
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const body = page.locator('[data-panel-body]');
  await body.getByText('Comment 10.').scrollIntoViewIfNeeded();
  const { row, top } = await restOnMiddle(page, body.getByRole('listitem'));
  await world.call('DELETE', `${path}/comments/${comments[1]?.id}`, bob.token);
  await expect(body.getByText('Comment 2.', { exact: true })).toHaveCount(0);
  await expectAtRest(row, top);
  await world.call('PATCH', `${path}/comments/${comments[3]?.id}`, bob.token, { body: `Edited.${'\n\nLonger.'.repeat(8)}` });
  await expect(body.getByText('Edited.')).toBeAttached();
  await expectAtRest(row, top);
  await world.call('POST', `${path}/comments`, bob.token, { body: 'The newest.' });
  await expect(body.getByText('The newest.')).toBeAttached();
  await expectAtRest(row, top);
  await world.call('PATCH', path, bob.token, { description: 'Longer.\n\n'.repeat(10) });
  await expect(body.getByText('Longer.').first()).toBeAttached();
  await expectAtRest(row, top);
});
