import { card, column, enter, expect, live, PASSWORD, test } from './world.ts';

test('a day’s work without a mouse', async ({ page, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.label(team, ann, 'Bug');
  for (const title of ['Third', 'Second', 'First']) await world.task(team, ann, { title });
  const key = (name: string) => page.keyboard.press(name);
  const panel = page.getByRole('complementary');

  await test.step('sign in', async () => {
    await page.goto(`/t/${team}/board`);
    await expect(page.getByLabel('Email')).toBeFocused();
    await page.keyboard.type(ann.email);
    await key('Tab');
    await page.keyboard.type(PASSWORD);
    await key('Enter');
    await live(page);
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/First/, /Second/, /Third/]);
  });

  const focused = (title: string) => expect(card(page, title).getByRole('link')).toBeFocused();

  await test.step('Tab leads to the board, arrows lead over it', async () => {
    for (let n = 0; n < 30; n++) {
      await key('Tab');
      if (await page.evaluate(() => document.activeElement?.hasAttribute('data-focus'))) break;
    }
    await focused('First');
    await key('j');
    await focused('Second');
    await key('ArrowDown');
    await focused('Third');
    await key('k');
    await key('ArrowUp');
    await focused('First');
  });

  await test.step('lift, carry, drop; lift and put back', async () => {
    await key('Space');
    await expect(page.getByText(/lifted\. To do, 1 of 3/)).toBeAttached();
    await key('ArrowDown');
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/Second/, /First/, /Third/]);
    await key('ArrowRight');
    await expect(column(page, 'In progress')).toContainText('First');
    await key('Escape');
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/First/, /Second/, /Third/]);
    await focused('First');
    await key('Space');
    await key('ArrowDown');
    await key('ArrowDown');
    await key('Space');
    const order = [/Second/, /Third/, /First/];
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText(order);
    await focused('First');
    await key('Space');
    await key('ArrowRight');
    await key('Enter');
    await expect(column(page, 'In progress').locator('[data-task]')).toHaveText([/First/]);
    await focused('First');
  });

  await test.step('properties by one key each', async () => {
    for (const [name, choice] of [['p', 'Urgent'], ['s', 'Blocked'], ['d', 'Today']] as const) {
      await key(name);
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.type(choice);
      await key('Enter');
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(card(page, 'First').getByRole('link')).toBeFocused();
    }
    await expect(column(page, 'Blocked')).toContainText('First');
    await key('l');
    await page.keyboard.type('bug');
    await key('Enter');
    await key('Escape');
    await key('i');
    await expect(card(page, 'First')).toContainText('Bug');
    await expect(card(page, 'First')).toContainText('Assigned to Ann');
    await expect(card(page, 'First')).toContainText('Priority: Urgent');
  });

  await test.step('open, rename, describe, comment, close', async () => {
    await card(page, 'First').getByRole('link').focus();
    await key('Enter');
    await expect(panel).toBeFocused();
    await key('r');
    await expect(page.getByLabel('Title', { exact: true })).toBeFocused();
    await page.keyboard.type('Foremost');
    await key('Enter');
    await expect(card(page, 'Foremost')).toBeVisible();
    await panel.focus();
    await key('e');
    await page.keyboard.type('Some *words*');
    await key('Control+Enter');
    await expect(panel.locator('em')).toHaveText('words');
    await panel.focus();
    await key('m');
    await page.keyboard.type('Done by keyboard');
    await key('Control+Enter');
    await expect(panel.getByRole('article')).toContainText('Done by keyboard');
    await key('Escape');
    await key('Escape');
    await expect(panel).toBeHidden();
    await focused('Foremost');
  });

  await test.step('make and delete', async () => {
    await key('c');
    await expect(page.getByLabel('Title')).toBeFocused();
    await page.keyboard.type('Made by key');
    await key('Enter');
    await expect(card(page, 'Made by key')).toBeVisible();
    await expect(card(page, 'Made by key').locator('a')).toBeVisible();
    await card(page, 'Made by key').getByRole('link').focus();
    await key('Delete');
    await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeFocused();
    await key('Enter');
    await expect(card(page, 'Made by key')).toHaveCount(0);
  });

  await test.step('palette and sheet', async () => {
    await key('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('thir');
    await key('Enter');
    await expect(panel).toContainText('Third');
    await key('Escape');
    await key('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('theme: dark');
    await key('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await key('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Change priority');
    await key('Escape');
    await key('/');
    await page.keyboard.type('second');
    await expect(page.locator('[data-task]')).toHaveCount(1);
    await key('Escape');
    await expect(page.locator('[data-task]')).toHaveCount(3);
  });

  await test.step('everywhere with g', async () => {
    const places = [['l', 'List'], ['d', 'Dashboard'], ['i', 'Inbox'], ['t', 'Settings'], ['s', 'Status'], ['b', 'Board']] as const;
    for (const [name, heading] of places) {
      await key('g');
      await key(name);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    }
    await key('g');
    await key('m');
    await expect(page.locator('[data-task]')).toHaveText([/Foremost/]);
  });
});

test('after a click in the sidebar, j and k go on in the board, the list and the inbox', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, bob, { title, assignees: [ann.id] });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const nav = page.getByRole('navigation', { name: 'Main' });
  const focusedTitle = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await nav.getByRole('link', { name: 'Board', exact: true }).click();
  await page.keyboard.press('j');
  await expect.poll(focusedTitle).toBe('First');
  await nav.getByRole('link', { name: 'List', exact: true }).click();
  await expect(page.locator('[data-task]')).toHaveCount(3);
  await page.keyboard.press('j');
  await expect.poll(focusedTitle).toBe('Second');
  await nav.getByRole('link', { name: /^Inbox/ }).click();
  await expect(page.locator('[data-line]')).toHaveCount(3);
  await page.keyboard.press('j');
  await expect(page.locator('[data-line]').first()).toBeFocused();
});
