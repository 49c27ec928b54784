/** The page under a plain http name, as the chart's default `http://taskhub.local`: no secure context. */
import type { Page } from '@playwright/test';
import { card, expect, live, PASSWORD, test, watch } from './world.ts';

const BASE_URL = new URL(process.env.BASE_URL ?? 'http://127.0.0.1:18088');
const NAME = 'taskhub.test';

test.skip(BASE_URL.protocol === 'https:', 'behind TLS there is no plain http');

/** A message says so. */
const said = (page: Page, text: string | RegExp) => expect(page.getByLabel('Messages')).toContainText(text);

test('everything works without a secure context, and says what it did', async ({ playwright, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const args = [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`, '--headless', '--no-sandbox', '--disable-gpu'];
  const browser = await playwright.chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
  try {
    const context = await browser.newContext({ baseURL: `http://${NAME}:${BASE_URL.port}`, locale: 'en-GB' });
    const { complaints } = await watch(context);
    const page = await context.newPage();
    await page.goto(`/t/${team}/board`);
    expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, 'clipboard' in navigator])).toEqual([
      false,
      false,
      false,
    ]);

    await test.step('signing in keeps a session in a cookie', async () => {
      await page.getByLabel('Email').fill(ann.email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.keyboard.press('Enter');
      await live(page);
      await page.reload();
      await live(page);
    });

    await test.step('new task, quick line', async () => {
      await page.keyboard.press('c');
      await page.getByLabel('Title', { exact: true }).fill('From the dialog');
      await page.keyboard.press('Enter');
      await said(page, /\d+ created/);
      await expect(card(page, 'From the dialog')).toBeVisible();
      await page.getByRole('button', { name: 'Add a task to To do' }).first().click();
      await page.getByLabel('Title of a new task in To do').fill('From the line');
      await page.keyboard.press('Enter');
      await expect(card(page, 'From the line')).toContainText(/-2/);
    });

    await test.step('comment, copied link', async () => {
      await card(page, 'From the line').getByRole('link').click();
      const panel = page.getByRole('complementary');
      await panel.getByLabel('Write a comment').last().fill('Without a secure context');
      await panel.getByRole('button', { name: 'Comment', exact: true }).click();
      await expect(panel.getByRole('article')).toContainText('Without a secure context');
      await panel.getByRole('button', { name: 'Copy link' }).click();
      await said(page, 'Copied');
      // What was copied can be pasted.
      await panel.getByLabel('Write a comment').last().focus();
      await page.keyboard.press('Control+v');
      await panel.getByRole('button', { name: 'Comment', exact: true }).click();
      await expect(panel.getByRole('article').last()).toContainText('?task=2');
    });

    await test.step('invitation', async () => {
      await page.goto(`/t/${team}/settings/invitations`);
      await page.getByLabel('Email').fill('bob@example.com');
      await page.getByRole('button', { name: 'Invite', exact: true }).click();
      await expect(page.getByLabel('Invitation link')).toHaveValue(new RegExp(`^http://${NAME}`));
    });
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
