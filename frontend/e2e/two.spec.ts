import { card, column, enter, expect, live, refusal, test } from './world.ts';

test('two browsers on one board', async ({ page, context, world, browserOf }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.task(team, ann, { title: 'Shared task' });
  await enter(context, ann);
  const his = await browserOf(bob);
  await page.goto(`/t/${team}/board`);
  await his.goto(`/t/${team}/board`);
  await live(page);
  await live(his);
  await page.evaluate(() => Object.assign(window, { sameVisit: true }));

  await test.step('a new task appears, with who made it', async () => {
    await his.getByRole('button', { name: 'Add a task to Blocked' }).click();
    await his.getByLabel('Title of a new task in Blocked').fill('From Bob');
    await his.keyboard.press('Enter');
    await expect(column(page, 'Blocked').locator('[data-task]')).toHaveCount(1);
    await expect(page.getByTestId('ticker')).toContainText(/Bob created \S+-\d+/);
    await expect(page.locator('[data-news]')).toContainText('From Bob');
  });

  await test.step('so do a move, a new title, a comment and a deletion', async () => {
    await card(his, 'Shared task').dragTo(column(his, 'In progress'));
    await expect(column(page, 'In progress')).toContainText('Shared task');
    await card(page, 'Shared task').getByRole('link').click();
    await card(his, 'Shared task').getByRole('link').click();
    await his.getByLabel('Title', { exact: true }).fill('Shared, renamed');
    await his.keyboard.press('Enter');
    await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Shared, renamed');
    await his.getByLabel('Write a comment').last().fill('Hello from Bob');
    await his.getByRole('button', { name: 'Comment', exact: true }).click();
    await expect(page.getByRole('article').filter({ hasText: 'Hello from Bob' }).first()).toBeVisible({ timeout: 1_500 });
    await card(his, 'From Bob').getByRole('link').focus();
    await his.keyboard.press('Delete');
    await his.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(card(page, 'From Bob')).toHaveCount(0);
  });

  await test.step('an assignment is in the inbox, and counted', async () => {
    await page.keyboard.press('Escape');
    // What happens to the task that one reads isn't news.
    await his.keyboard.press('Escape');
    await expect(his.getByRole('complementary')).toBeHidden();
    await card(page, 'Shared, renamed').getByRole('link').focus();
    await page.keyboard.press('a');
    await page.getByRole('option', { name: 'Bob' }).click();
    await expect(his.getByRole('link', { name: /Inbox 1/ })).toBeVisible();
    await expect(his).toHaveTitle(/^\(1\) .* · TaskHub$/);
    await his.getByRole('link', { name: /Inbox/ }).click();
    await his.getByRole('link', { name: /Shared, renamed/ }).click();
    await expect(his.getByRole('complementary')).toContainText('Shared, renamed');
    await expect(his).toHaveTitle(/Shared, renamed · Inbox · TaskHub$/);
  });

  expect(await page.evaluate(() => 'sameVisit' in window)).toBe(true);
});

test('what the server refuses is changed back, with the reason', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Stays where it is' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  let refuse = () => {};
  const isSeen = new Promise<void>((resolve) => (refuse = resolve));
  await page.route('**/move', async (route) => {
    await isSeen;
    await route.fulfill(refusal(403, 'forbidden'));
  });
  await card(page, 'Stays where it is').dragTo(column(page, 'Done'));
  await expect(column(page, 'Done')).toContainText('Stays where it is');
  refuse();
  await expect(page.getByRole('alert')).toContainText('Your role doesn’t allow this.');
  await expect(column(page, 'To do')).toContainText('Stays where it is');
});

test('nobody’s text is overwritten unseen', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const { id } = await world.task(team, ann, { title: 'Text', description: 'Before' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  await panel.getByRole('button', { name: 'Edit' }).click();
  await panel.getByLabel('Description', { exact: true }).last().fill('Mine');
  await world.call('PATCH', `teams/${team}/tasks/${id}`, bob.token, { description: 'Theirs' });
  await expect(panel.getByRole('alert')).toContainText('Theirs');
  await panel.getByRole('button', { name: 'Keep mine' }).click();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByText('Mine')).toBeVisible();
});
