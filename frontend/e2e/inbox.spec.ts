import { SLOW } from './browser.ts';
import { card, enter, expect, live, test, type Person, type World } from './world.ts';

async function busy(world: World, ann: Person, bob: Person): Promise<string> {
  const team = await world.team(ann, [[bob, 'member']]);
  const first = await world.task(team, bob, { title: 'Renew the certificate', assignees: [ann.id] });
  await world.call('POST', `teams/${team}/tasks/${first.id}/comments`, bob.token, { body: 'It ends on **Friday**.' });
  await world.task(team, bob, { title: 'Book a room', assignees: [ann.id] });
  await expect.poll(async () => (await world.call('GET', 'notifications', ann.token)).items.length).toBe(3);
  return team;
}

test('notifications stand together by task, and keys go through them', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto('/inbox');
  const lines = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem');
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toContainText('Book a room');
  await expect(lines.last()).toContainText('Bob commented');
  await expect(lines.last()).toContainText('and 1 more');
  await expect(page.getByRole('link', { name: /^Inbox 3/ })).toBeVisible();
  await page.keyboard.press('j');
  await expect(lines.first().getByRole('link')).toBeFocused();
  await page.keyboard.press('j');
  await expect(lines.last().getByRole('link')).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(lines.first().getByRole('link')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await expect(page.getByRole('link', { name: /^Inbox 1/ })).toBeVisible();
  await expect(page).toHaveURL('/inbox');
  await page.reload();
  await expect(page.getByRole('link', { name: /^Inbox 1/ })).toBeVisible();
  await expect(lines).toHaveCount(2);
});

test('a task is read beside the list, and its notifications with it', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto('/inbox');
  await page.getByRole('link', { name: /Renew the certificate/ }).click();
  await expect(page).toHaveURL(`/inbox/${team}?task=1`);
  await expect(page.getByRole('complementary').getByText('It ends on Friday.')).toBeVisible();
  await expect(page.getByRole('link', { name: /Book a room/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Inbox 1/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Inbox', exact: true })).toBeVisible();
});

test('with the reading pane open, j and k show the task of the line', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto('/inbox');
  const title = page.getByRole('complementary').getByLabel('Title', { exact: true });
  await page.getByRole('link', { name: /Book a room/ }).click();
  await expect(title).toHaveValue('Book a room');
  await page.keyboard.press('j');
  await expect(page).toHaveURL(`/inbox/${team}?task=1`);
  await expect(title).toHaveValue('Renew the certificate');
  await page.keyboard.press('k');
  await expect(title).toHaveValue('Book a room');
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL('/inbox');
});

test('opening a task on the board reads its notifications', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await expect(page.getByRole('link', { name: /^Inbox 3/ })).toBeVisible();
  await card(page, 'Renew the certificate').getByRole('link').click();
  await expect(page.getByRole('link', { name: /^Inbox 1/ })).toBeVisible();
});

test('a new notification moves no line under the pointer', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.getByRole('link', { name: /^Inbox/ }).click();
  const line = page.getByRole('link', { name: /Book a room/ });
  await line.hover();
  const before = await line.boundingBox();
  await world.task(team, bob, { title: 'Order cake', assignees: [ann.id] });
  const news = page.getByRole('button', { name: /1 new notification/ });
  await expect(news).toBeVisible();
  expect(await line.boundingBox()).toEqual(before);
  await expect(page.getByRole('link', { name: /Order cake/ })).toHaveCount(0);
  await news.click();
  await expect(page.getByRole('list', { name: 'Notifications' }).getByRole('listitem').first()).toContainText('Order cake');
});

test('marking a line as read leaves what has come to its task and isn’t shown yet', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.getByRole('link', { name: /^Inbox/ }).click();
  const line = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem').filter({ hasText: 'Renew' });
  for (const how of ['button', 'key']) {
    await line.hover();
    await world.call('POST', `teams/${team}/tasks/1/comments`, bob.token, { body: `Not seen by ${how}` });
    const news = page.getByRole('button', { name: /1 new notification/ });
    await expect(news).toBeVisible();
    const marked = page.waitForResponse('**/notifications/read');
    if (how === 'button') await line.getByRole('button', { name: /^Mark as read/ }).click();
    else {
      await line.getByRole('button').or(line.getByRole('link')).first().focus();
      await page.keyboard.press('e');
    }
    await marked;
    const unread = async () => (await world.call('GET', 'notifications?unread=true', ann.token)).items.length;
    // The other line’s, and the one that isn't shown.
    expect(await unread()).toBe(2);
    await news.click();
    await expect(line).toContainText(`Not seen by ${how}`);
    await expect(line).toHaveAttribute('data-unread', 'true');
  }
});

test('marking all as read, and showing only what is unread', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto('/inbox?show=unread');
  const lines = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem');
  await expect(lines).toHaveCount(2);
  await lines.first().getByRole('button', { name: /^Mark as read/ }).click();
  await expect(page.getByRole('link', { name: /^Inbox 2/ })).toBeVisible();
  // It stays where it is until the list is opened anew.
  await expect(lines).toHaveCount(2);
  const answered = page.waitForResponse('**/notifications/read');
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible();
  await answered;
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No unread notifications' })).toBeVisible();
});

test('the line of a deleted task says so, and opens nothing', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const task = await world.task(team, bob, { title: 'Soon gone', assignees: [ann.id] });
  await expect.poll(async () => (await world.call('GET', 'notifications', ann.token)).items.length).toBe(1);
  await world.call('DELETE', `teams/${team}/tasks/${task.id}`, bob.token);
  await enter(context, ann);
  await page.goto('/inbox');
  const line = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem');
  await expect(line).toContainText('This task was deleted');
  await expect(line.getByRole('link')).toHaveCount(0);
  // Nothing is left to read.
  await expect(line.getByRole('button', { name: /^Mark as read/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible();
});

test('what is marked as read in one tab is read in the others at once', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await busy(world, ann, bob);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  const other = await context.newPage();
  await other.goto('/inbox');
  await expect(page.getByRole('link', { name: /^Inbox 3/ })).toBeVisible();
  await other.getByRole('button', { name: 'Mark all as read' }).click();
  // Much sooner than it asks by itself.
  await expect(page.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible({ timeout: SLOW * 5_000 });
});
