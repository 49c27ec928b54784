/** A proxy, a firewall or a captive portal that answers instead of TaskHub: what it says is no answer. */
import type { Page } from '@playwright/test';
import { ask, card, column, enter, expect, live, PASSWORD, test } from './world.ts';

/** Answers the first of these requests with a page of its own; `arrives` if TaskHub has done it nevertheless. */
async function intercept(page: Page, url: RegExp, method: string, status: number, arrives = false): Promise<void> {
  let isFirst = true;
  await page.route(url, async (route) => {
    if (route.request().method() !== method || !isFirst) return route.fallback();
    isFirst = false;
    if (arrives) await ask(route);
    await route.fulfill({ status, contentType: 'text/html', body: '<h1>Something else</h1>' });
  });
}

test.beforeEach(({ watched }) => watched.expectFailures());

test('a proxy’s 404 removes nobody: the server is asked again', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/members`);
  await intercept(page, /\/members\//, 'DELETE', 404);
  await page.getByRole('button', { name: 'Actions for Bob' }).click();
  await page.getByRole('menuitem', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByLabel('Messages')).toContainText('Bob removed from');
  const { items } = await world.call('GET', `teams/${team}/members`, ann.token);
  expect(items).toHaveLength(1);
});

test('a proxy’s 404 on the stream doesn’t lead out of the team', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Still here' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  let refused = 0;
  await page.route(/\/(events|changes)\b/, (route) => (refused++ === 0 ? route.fulfill({ status: 404, body: '404 page not found' }) : route.fallback()));
  await context.setOffline(true);
  await expect(page.getByTestId('live')).toHaveText('Offline');
  await context.setOffline(false);
  await live(page);
  expect(refused).toBeGreaterThan(1);
  await expect(card(page, 'Still here')).toBeVisible();
  await expect(page.getByLabel('Messages')).not.toContainText('no longer');
});

test('a task that was saved behind an error page is made once', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Old task' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await intercept(page, /\/tasks$/, 'POST', 524, true);
  await column(page, 'To do').getByRole('button', { name: 'Add a task to To do' }).click();
  await page.keyboard.type('Once');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Messages')).toContainText(/-2 created/i);
  const { items } = await world.call('GET', `teams/${team}/tasks`, ann.token);
  expect(items).toHaveLength(2);
});

test('a firewall that refuses to sign in is called what it is', async ({ page, world }) => {
  const ann = await world.person('Ann');
  await page.goto('/');
  await intercept(page, /\/auth\/login$/, 'POST', 403);
  await page.getByLabel('Email').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('Something between you and TaskHub answered instead (HTTP 403). Try again in a moment.');
});

test('a captive portal signs nobody out, and that is said', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  await page.goto(`/t/${await world.team(ann)}/board`);
  await live(page);
  await intercept(page, /\/auth\/logout$/, 'POST', 200);
  await page.getByRole('button', { name: 'Account of Ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Messages')).toContainText('Couldn’t sign you out. Try again.');
});
