/** What somebody gets who isn't signed in, and has never been here. */
import type { Response } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { MOST_KIB_SIGN_IN } from '../first-load.ts';
import { expect, test } from './world.ts';

test('the sign-in screen gets no code of what is inside, until somebody types', async ({ page }) => {
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  const email = page.getByLabel('Email');
  await expect(email).toBeFocused();
  const bodies = await Promise.all(scripts.map((response) => response.body()));
  const kib = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1024;
  expect(kib).toBeGreaterThan(0);
  expect(kib).toBeLessThanOrEqual(MOST_KIB_SIGN_IN);
  const inside = page.waitForResponse(/\/assets\/page-[^/]*\.js$/);
  await email.press('a');
  expect((await inside).ok()).toBe(true);
});

test('the session is asked for while the page is downloaded', async ({ page }) => {
  const asked = page.waitForRequest('**/api/v1/auth/refresh');
  await page.route('**/assets/react-*.js', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto('/');
  await expect(page.getByLabel('Email')).toBeFocused();
});

test('what couldn’t be downloaded at the start is asked for again', async ({ page, watched }) => {
  watched.expectFailures();
  const missing = '**/assets/{root,sign-in}-*.js';
  await page.route(missing, (route) => route.abort());
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/sign-in-'));
  await page.goto('/');
  await failed;
  await page.unroute(missing);
  await expect(page.getByLabel('Email')).toBeFocused();
});
