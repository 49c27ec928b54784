import { card, enter, expect, live, refusal, test } from './world.ts';

test('a new task with everything, and the next one after it', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await world.label(team, ann, 'Bug');
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Everything');
  await dialog.locator('.cm-content').fill('Some **words**');
  await dialog.locator('[data-property=assignees]').click();
  await page.getByRole('option', { name: 'Ann' }).click();
  await page.getByRole('option', { name: 'Bob' }).click();
  await page.keyboard.press('Escape');
  await dialog.locator('[data-property=labels]').click();
  await page.getByRole('option', { name: 'Bug' }).click();
  await page.keyboard.press('Escape');
  await dialog.locator('[data-property=due_at]').click();
  await page.getByRole('option', { name: 'Tomorrow' }).click();
  await dialog.locator('[data-property=priority]').click();
  await page.getByRole('option', { name: 'High' }).click();
  await dialog.getByRole('button', { name: 'Create and add another' }).click();
  await expect(dialog.getByLabel('Title')).toBeFocused();
  await expect(dialog.getByLabel('Title')).toHaveValue('');
  await page.keyboard.type('The next');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(card(page, 'The next')).toBeVisible();
  await card(page, 'Everything').getByRole('link').click();
  const panel = page.getByRole('complementary');
  await expect(panel.locator('strong', { hasText: 'words' })).toBeVisible();
  await expect(panel.locator('[data-property=assignees]')).toContainText('Bob');
  await expect(panel.locator('[data-property=labels]')).toContainText('Bug');
  await expect(panel.locator('[data-property=priority]')).toContainText('High');
});

test('closing keeps the whole draft, says so, and a reload keeps it', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Half a task');
  await dialog.locator('.cm-content').fill('Half a description');
  await dialog.locator('[data-property=priority]').click();
  await page.getByRole('option', { name: 'Urgent' }).click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Your draft of the new task is kept.')).toBeVisible();
  await page.reload();
  await live(page);
  await page.keyboard.press('c');
  await expect(dialog.getByLabel('Title')).toHaveValue('Half a task');
  await expect(dialog.locator('.cm-content')).toHaveText('Half a description');
  await expect(dialog.locator('[data-property=priority]')).toContainText('Urgent');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.keyboard.press('c');
  await expect(dialog.getByLabel('Title')).toHaveValue('');
});

test('several pasted lines can be several tasks, and those that aren’t created are kept', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.keyboard.press('c');
  const title = page.getByRole('dialog').getByLabel('Title');
  const paste = () =>
    title.evaluate((element) => {
      const data = new DataTransfer();
      data.setData('text/plain', '- First\n- [ ] Second\n3. Third');
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
  await paste();
  await page.getByRole('button', { name: 'Use as one title' }).click();
  await expect(title).toHaveValue('First Second Third');
  await title.fill('');
  await paste();
  await page.getByRole('button', { name: 'Create 3 tasks' }).click();
  await expect(page.locator('[data-task]')).toHaveText([/First/, /Second/, /Third/]);

  watched.expectFailures();
  await page.route('**/tasks', (route) => (route.request().method() === 'POST' ? route.fulfill(refusal(403, 'forbidden')) : route.fallback()));
  await page.keyboard.press('c');
  await paste();
  await page.getByRole('button', { name: 'Create 3 tasks' }).click();
  await expect(page.getByLabel('Messages')).toContainText('3 of 3 tasks weren’t created.');
  await page.unrouteAll();
  await page.reload();
  await live(page);
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Create 3 tasks' }).click();
  await expect(page.locator('[data-task]')).toHaveText([/First/, /Second/, /Third/, /First/, /Second/, /Third/]);
});

test('a year of five digits is refused with a word', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'A task' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  await page.locator('[data-property=due_at]').click();
  const day = page.getByLabel('Date', { exact: true });
  await day.focus();
  await page.keyboard.type('0101');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Enter a whole date with a year of four digits.')).toBeVisible();
  await day.fill('2031-05-06');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-property=due_at]')).toContainText('2031');
});

test('Enter that is pressed before the dialog is there sends what was typed', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  // All at once, so that nothing of it is drawn in between.
  await page.evaluate(() => {
    for (const key of ['c', 'M', 'i', 'l', 'k', 'Enter']) {
      const code = key === 'Enter' ? key : `Key${key.toUpperCase()}`;
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }));
    }
  });
  await expect(card(page, 'Milk')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByLabel('Messages')).toContainText(/-1 created/i);
});

test('a pasted line that is too long for a title is counted in characters, and never cut', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.keyboard.press('c');
  const title = page.getByRole('dialog').getByLabel('Title');
  await title.fill('Typed before');
  const fits = `${'😀'.repeat(254)}.`;
  const tooLong = 'x'.repeat(256);
  await title.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, `Short\n${fits}\n${tooLong}`);
  await page.getByRole('button', { name: 'Create 3 tasks' }).click();
  await expect(page.locator('[data-task]')).toHaveText([/Short/, new RegExp(fits)]);
  await expect(title).toHaveValue(`Typed before ${tooLong}`);
  await expect(page.getByRole('alert')).toContainText(/14 characters/);
});
