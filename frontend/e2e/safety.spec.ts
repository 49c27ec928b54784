import { XSS } from '../src/task/xss.fixture.ts';
import { card, enter, expect, live, PASSWORD, test } from './world.ts';

/** What the server takes: it refuses control characters but tab and line feed, and what hides behind them with them. */
const TAKEN = XSS.filter((text) => !/[^\P{Cc}\t\n\r]/u.test(text));

test('no text runs as a script, wherever it is shown', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann <img src=x onerror=alert(1)>');
  const team = await world.team(ann, [], '<script>alert(1)</script>');
  const label = await world.label(team, ann, '<svg onload=alert(1)>');
  const { id } = await world.task(team, ann, {
    title: '<img src=x onerror=alert(1)> title',
    description: TAKEN.join('\n\n'),
    assignees: [ann.id],
    labels: [label],
  });
  for (let n = 0; n < TAKEN.length; n += 40) {
    const body = TAKEN.slice(n, n + 40).join('\n\n');
    await world.call('POST', `teams/${team}/tasks/${id}/comments`, ann.token, { body });
  }
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const panel = page.getByRole('complementary');
  await expect(panel.getByRole('article')).toHaveCount(Math.ceil(TAKEN.length / 40));
  await panel.getByRole('button', { name: 'Edit' }).first().click();
  await panel.getByRole('button', { name: 'Preview' }).first().click();
  for (const element of ['script', 'iframe', 'object', 'embed', 'form', 'style', 'base']) {
    await expect(panel.locator(element)).toHaveCount(0);
  }
  for (const link of await panel.locator('a[href]').all()) {
    expect(await link.getAttribute('href')).toMatch(/^(https?:|mailto:|tel:)/i);
  }
  // A broken picture would raise its `onerror` now, and a complaint arrives before the answer to a later question.
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  expect(watched.complaints).toEqual([]);
});

test('the policy is sent, and has no hole', async ({ page }) => {
  const response = await page.goto('/');
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(policy).not.toContain('http');
});

test('the access token is nowhere but in memory', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'A task' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await expect(card(page, 'A task')).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toMatch(/ey[JI]|taskhub_refresh/);
  const [cookie] = await context.cookies(new URL('/api/v1/auth/refresh', page.url()).href);
  expect(cookie).toMatchObject({ name: 'taskhub_refresh', httpOnly: true, sameSite: 'Strict', path: '/api/v1/auth' });
});

test('a new password signs everybody out who knew the old one', async ({ page, context, world, watched, browserOf }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  await world.team(ann);
  await enter(context, ann);
  const thief = await browserOf(ann);
  await thief.goto('/inbox');
  await expect(thief.getByRole('heading', { name: 'Inbox', exact: true })).toBeVisible();
  await page.goto('/inbox');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByText('This device', { exact: true })).toBeVisible();
  // Registering made one, too.
  await expect(page.getByRole('button', { name: /^Sign out/ })).toHaveCount(3);
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByLabel('Your name').fill('Ann Berg');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('button', { name: 'Account of Ann Berg' })).toBeVisible();
  await page.getByRole('link', { name: 'Password' }).click();
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('a better one, I hope');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('This is not your current password.')).toBeVisible();
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Password changed')).toBeVisible();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByText('This device', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Sign out/ })).toHaveCount(0);
  await thief.reload();
  await expect(thief.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.reload();
  await expect(page.getByText('This device', { exact: true })).toBeVisible();
});
