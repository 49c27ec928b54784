/** What is said and done when answers of the server are lost. */
import type { Page } from '@playwright/test';
import { ask, card, column, enter, expect, holdAnswer, live, loseAnswers, PASSWORD, type Person, refusal, test, type World } from './world.ts';

const TASKS = /\/api\/v1\/teams\/[^/]+\/tasks$/;
const ONE_TASK = /\/api\/v1\/teams\/[^/]+\/tasks\/[^/]+$/;
const COMMENTS = /\/comments$/;

const messages = (page: Page) => page.getByLabel('Messages');

async function titles(world: World, team: string, { token }: Person): Promise<string[]> {
  const { items } = await world.call('GET', `teams/${team}/tasks?limit=200`, token);
  return items.map((task) => (task as unknown as { title: string }).title).sort();
}

async function quickAdd(page: Page, title: string): Promise<void> {
  const field = page.getByLabel('Title of a new task in To do');
  if (!(await field.isVisible())) await page.getByRole('button', { name: 'Add a task to To do' }).first().click();
  await field.fill(title);
  await page.keyboard.press('Enter');
}

/** The dialogs of a task can be opened without the network. */
async function allIsLoaded(page: Page): Promise<void> {
  for (const key of ['s', 'Delete']) {
    await card(page, 'Old task').getByRole('link').focus();
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
}

async function signIn(page: Page, { email }: Person): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
}

test.describe('an answer is lost', () => {
  let ann: Person;
  let team: string;

  test.beforeEach(async ({ page, context, world, watched }) => {
    watched.expectFailures();
    ann = await world.person('Ann');
    team = await world.team(ann);
    await world.task(team, ann, { title: 'Old task' });
    await enter(context, ann);
    await page.goto(`/t/${team}/board`);
    await live(page);
  });

  test('a task is made once, and that is said', async ({ page, world }) => {
    await loseAnswers(page, TASKS, 'POST', 2);
    await quickAdd(page, 'Once');
    await expect(messages(page)).toContainText(/-2 created/i);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'Once']);
    await expect(column(page, 'To do').locator('[data-task]')).toHaveCount(2);
    await messages(page).getByRole('button', { name: 'Open' }).click();
    await expect(page.getByRole('complementary')).toContainText('Once');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('complementary')).toHaveCount(0);
    // Closing went back: the opened task is no entry before this one.
    expect(await page.evaluate('navigation.canGoForward')).toBe(true);
  });

  test('a created task can be undone', async ({ page, world }) => {
    await quickAdd(page, 'A slip');
    await messages(page).getByRole('button', { name: 'Undo' }).click();
    await expect(messages(page)).toContainText(/-2 deleted/i);
    await expect(card(page, 'A slip')).toHaveCount(0);
    expect(await titles(world, team, ann)).toEqual(['Old task']);
  });

  test('answers that stay lost: unknown is said, and the second try makes no second task', async ({ page, world }) => {
    await loseAnswers(page, TASKS, 'POST', 1_000);
    await quickAdd(page, 'Only one');
    await expect(messages(page)).toContainText('Still trying to save 1 change');
    const message = page.getByRole('alert').filter({ hasText: 'No answer about “Only one”' });
    await expect(message).toBeVisible({ timeout: 30_000 });
    await expect(message).not.toContainText('changed back');
    await expect(page.getByLabel('Title of a new task in To do')).toHaveValue('Only one');
    await page.unroute(TASKS);
    await page.getByLabel('Title of a new task in To do').focus();
    await page.keyboard.press('Enter');
    await expect(messages(page)).toContainText(/-2 created/i);
    await expect(message).toHaveCount(0);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'Only one']);
  });

  test('a server that doesn’t know the outcome is asked again with the same key', async ({ page, world }) => {
    let first = true;
    await page.route(TASKS, async (route) => {
      if (route.request().method() !== 'POST' || !first) return route.fallback();
      first = false;
      await ask(route);
      await route.fulfill(refusal(503, 'outcome-unknown'));
    });
    await quickAdd(page, 'Once');
    await expect(messages(page)).toContainText(/-2 created/i);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'Once']);
  });

  test('a comment is made once', async ({ page }) => {
    await loseAnswers(page, COMMENTS, 'POST');
    await card(page, 'Old task').getByRole('link').click();
    const panel = page.getByRole('complementary');
    await panel.getByLabel('Write a comment').last().fill('Said once');
    await panel.getByRole('button', { name: 'Comment', exact: true }).click();
    await expect(panel.getByRole('article')).toHaveText(/Said once/);
    await page.reload();
    await expect(panel.getByRole('article')).toHaveCount(1);
  });

  test('a change is looked up before anything is said about it', async ({ page }) => {
    await loseAnswers(page, ONE_TASK, 'PATCH');
    await card(page, 'Old task').getByRole('link').focus();
    await page.keyboard.press('s');
    const saved = page.waitForResponse((response) => ONE_TASK.test(response.url()) && response.request().method() === 'GET');
    await page.getByRole('option', { name: 'Done' }).click();
    await saved;
    await expect(column(page, 'Done')).toContainText('Old task');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a change that never arrives is said to be unsaved or unknown, and can be tried again', async ({ page }) => {
    await page.route(ONE_TASK, (route) =>
      route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.fallback(),
    );
    await card(page, 'Old task').getByRole('link').focus();
    await page.keyboard.press('s');
    await page.getByRole('option', { name: 'Done' }).click();
    const message = page.getByRole('alert').filter({ hasText: 'No answer about' });
    await expect(message).toBeVisible({ timeout: 30_000 });
    await expect(column(page, 'To do')).toContainText('Old task');
    await page.unroute(ONE_TASK);
    await message.getByRole('button', { name: 'Try again' }).click();
    await expect(column(page, 'Done')).toContainText('Old task');
  });

  test('a deletion is done once, and that is said', async ({ page, world }) => {
    await loseAnswers(page, ONE_TASK, 'DELETE');
    await card(page, 'Old task').getByRole('link').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(messages(page)).toContainText(/-1 deleted/i);
    await expect(page.getByRole('alert')).toHaveCount(0);
    expect(await titles(world, team, ann)).toEqual([]);
  });

  test('a reload on the way loses nothing and makes nothing twice', async ({ page, world }) => {
    const sent = holdAnswer(page, TASKS);
    await quickAdd(page, 'On its way');
    await sent;
    await page.reload();
    await expect(messages(page)).toContainText(/-2 created/i);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'On its way']);
  });

  test('what is done offline waits, says so, and is saved in its order', async ({ page, context, world }) => {
    await context.setOffline(true);
    await expect(page.getByTestId('live')).toHaveText('Offline');
    for (const title of ['First', 'Second', 'Third']) await quickAdd(page, title);
    await expect(messages(page)).toContainText('You are offline. 3 changes are waiting.');
    await context.setOffline(false);
    await expect(messages(page)).toContainText('Online again. Your changes are saved.');
    const { items } = await world.call('GET', `teams/${team}/tasks?limit=200`, ann.token);
    const made = items.map(({ number, ...task }) => `${number} ${(task as unknown as { title: string }).title}`).sort();
    expect(made).toEqual(['1 Old task', '2 First', '3 Second', '4 Third']);
  });

  test('changes that are made offline are saved after the page was closed and opened again', async ({ page, context, world }) => {
    await world.task(team, ann, { title: 'To be deleted' });
    await world.call('POST', `teams/${team}/tasks/1/comments`, ann.token, { body: 'Said' });
    await card(page, 'Old task').getByRole('link').click();
    const panel = page.getByRole('complementary');
    await expect(panel.getByRole('article')).toContainText('Said');
    await allIsLoaded(page);
    await context.setOffline(true);
    await expect(page.getByTestId('live')).toHaveText('Offline');
    await panel.getByRole('textbox', { name: 'Title' }).fill('New title');
    await page.keyboard.press('Enter');
    await panel.getByRole('button', { name: 'Actions for the comment by Ann' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).press('Enter');
    await panel.locator('[aria-label="Edit comment"]').last().fill('Said better');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    await card(page, 'New title').getByRole('link').focus();
    await page.keyboard.press('s');
    await page.getByRole('option', { name: 'Done' }).click();
    await card(page, 'To be deleted').getByRole('link').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(messages(page)).toContainText('You are offline. 4 changes are waiting.');
    await page.close();
    await context.setOffline(false);
    const next = await context.newPage();
    await next.goto(`/t/${team}/board`);
    await expect(messages(next)).toContainText(/-2 deleted/i);
    const one = () => world.call('GET', `teams/${team}/tasks/1`, ann.token);
    await expect.poll(one).toMatchObject({ title: 'New title', status: 'completed' });
    const comments = async () => (await world.call('GET', `teams/${team}/tasks/1/comments`, ann.token)).items[0]?.body;
    await expect.poll(comments).toBe('Said better');
    expect(await titles(world, team, ann)).toEqual(['New title']);
    // Nothing is left to be sent once more, or to be lost.
    await expect.poll(() => next.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.draft.')))).toEqual([]);
  });

  for (const meanwhile of ['closed', 'open'] as const) {
    for (const by of ['menu', 'drag', 'deletion'] as const) {
      test(`a change by ${by} that somebody has overtaken while the page was ${meanwhile} overwrites nothing`, async ({ page, context, world }) => {
        await allIsLoaded(page);
        await context.setOffline(true);
        await expect(page.getByTestId('live')).toHaveText('Offline');
        if (by === 'menu') {
          await card(page, 'Old task').getByRole('link').focus();
          await page.keyboard.press('s');
          await page.getByRole('option', { name: 'Done' }).click();
        } else if (by === 'drag') await card(page, 'Old task').dragTo(column(page, 'Done'));
        else {
          await card(page, 'Old task').getByRole('link').focus();
          await page.keyboard.press('Delete');
          await page.getByRole('button', { name: 'Delete', exact: true }).click();
        }
        await expect(messages(page)).toContainText('You are offline. 1 change is waiting.');
        // Chromium lifts `setOffline` for a moment when it leaves a page for another address, so it is closed.
        if (meanwhile === 'closed') await page.close();
        await world.call('PATCH', `teams/${team}/tasks/1`, ann.token, { status: 'blocked' });
        await context.setOffline(false);
        const then = meanwhile === 'closed' ? await context.newPage() : page;
        if (meanwhile === 'closed') await then.goto(`/t/${team}/board`);
        const isDeletion = by === 'deletion';
        await expect(then.getByRole('alert')).toContainText(isDeletion ? /Couldn’t delete \w+-1/i : /Couldn’t save \w+-1/i);
        await expect(column(then, 'Blocked')).toContainText('Old task');
        expect(await world.call('GET', `teams/${team}/tasks/1`, ann.token)).toMatchObject({ status: 'blocked' });
      });
    }
  }

  test('what is done after the session has ended is saved after signing in again', async ({ page, context, world }) => {
    await context.clearCookies();
    await page.route(TASKS, (route) =>
      route.request().method() === 'POST'
        ? route.fulfill(refusal(401, 'unauthenticated'))
        : route.fallback(),
    );
    await quickAdd(page, 'Typed too late');
    await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
    await expect(page.getByText('refresh token')).toHaveCount(0);
    await page.unroute(TASKS);
    await signIn(page, ann);
    await expect(card(page, 'Typed too late')).toContainText(/-2/);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'Typed too late']);
  });

  test('two tasks of one title, made quickly, are two', async ({ page, world }) => {
    await quickAdd(page, 'Twice');
    await quickAdd(page, 'Twice');
    await expect(column(page, 'To do').locator('[data-task]')).toHaveCount(3);
    await expect(card(page, 'Twice').filter({ hasText: /-3/ })).toHaveCount(1);
    await expect(column(page, 'To do').locator('[data-task]')).toHaveCount(3);
    expect(await titles(world, team, ann)).toEqual(['Old task', 'Twice', 'Twice']);
  });

  test('a new task begins empty while the last one is on its way', async ({ page }) => {
    const held: (() => void)[] = [];
    await page.route(TASKS, async (route) => {
      if (route.request().method() === 'POST') await new Promise<void>((resolve) => held.push(resolve));
      await route.fallback();
    });
    const title = page.getByRole('dialog').getByLabel('Title', { exact: true });
    await page.keyboard.press('c');
    await title.fill('The first');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('c');
    await expect(title).toHaveValue('');
    await title.fill('The second, unsent');
    await page.keyboard.press('Escape');
    for (const go of held) go();
    await expect(messages(page)).toContainText(/-2 created/i);
    await page.keyboard.press('c');
    await expect(title).toHaveValue('The second, unsent');
  });
});

test('an error that nobody expected is shown', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  await page.goto('/');
  await page.evaluate(() => {
    void Promise.reject(new Error('of the test'));
  });
  await expect(page.getByRole('alert')).toContainText('What you typed is kept.');
  await expect(page.getByText('of the test')).toHaveCount(0);
  watched.complaints.length = 0;
});
