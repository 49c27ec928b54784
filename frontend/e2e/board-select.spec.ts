import type { Page } from '@playwright/test';
import { card, column, enter, expect, live, type Person, refusal, test, type World } from './world.ts';

async function board(page: Page, world: World, ann: Person, titles: readonly string[], view = 'board') {
  const team = await world.team(ann);
  for (const title of [...titles].reverse()) await world.task(team, ann, { title });
  await enter(page.context(), ann);
  await page.goto(`/t/${team}/${view}`);
  await live(page);
  await expect(page.locator('[data-task]')).toHaveCount(titles.length);
  return team;
}

const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });

test('the menu of a card: by right click, by key, by its button', async ({ page, world }) => {
  const ann = await world.person('Ann');
  const team = await board(page, world, ann, ['Alpha', 'Bravo', 'Charlie']);
  await world.label(team, ann, 'Bug');
  const menu = page.getByRole('menu').first();

  await test.step('right click: status', async () => {
    await card(page, 'Alpha').click({ button: 'right' });
    await expect(menu).toBeVisible();
    await item(page, 'Status').click();
    await page.getByRole('menuitemradio', { name: 'Blocked' }).click();
    await expect(menu).toBeHidden();
    await expect(column(page, 'Blocked')).toContainText('Alpha');
    await expect(card(page, 'Alpha').getByRole('link')).toBeFocused();
  });

  await test.step('menu key: labels and assignees stay open for several', async () => {
    await card(page, 'Bravo').getByRole('link').focus();
    await page.keyboard.press('Shift+F10');
    await expect(menu).toBeVisible();
    await item(page, 'Labels').click();
    await page.getByRole('menuitemcheckbox', { name: 'Bug' }).click();
    await expect(page.getByRole('menuitemcheckbox', { name: 'Bug' })).toBeChecked();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(card(page, 'Bravo')).toContainText('Bug');
  });

  await test.step('button: order within the column', async () => {
    await card(page, 'Charlie').hover();
    await card(page, 'Charlie').getByRole('button', { name: /^Actions for/ }).click();
    await item(page, 'Move').click();
    await item(page, 'Move up').click();
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/Charlie/, /Bravo/]);
    await expect(page.getByText(/moved to To do, 1 of 2/)).toBeAttached();
    await card(page, 'Charlie').click({ button: 'right' });
    await item(page, 'Move').click();
    await item(page, 'Move to bottom').click();
    await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/Bravo/, /Charlie/]);
    await card(page, 'Charlie').click({ button: 'right' });
    await item(page, 'Move').click();
    await item(page, 'Move to In progress').click();
    await expect(column(page, 'In progress')).toContainText('Charlie');
  });

  await test.step('copy the link, delete', async () => {
    await card(page, 'Bravo').click({ button: 'right' });
    await item(page, 'Copy link').click();
    await expect(page.getByText('Copied')).toBeVisible();
    await card(page, 'Bravo').click({ button: 'right' });
    await item(page, 'Delete task').click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(card(page, 'Bravo')).toHaveCount(0);
  });
});

test('a menu stays with its task when the first choice takes it out of the filter', async ({ page, world }) => {
  const ann = await world.person('Ann');
  const team = await board(page, world, ann, ['Alpha', 'Bravo']);
  const labels = [await world.label(team, ann, 'Bug'), await world.label(team, ann, 'Urgent')];
  await page.goto(`/t/${team}/board?label=none`);
  await live(page);
  await card(page, 'Alpha').click({ button: 'right' });
  await item(page, 'Labels').click();
  for (const name of ['Bug', 'Urgent']) {
    await page.getByRole('menuitemcheckbox', { name }).click();
    await expect(page.getByRole('menuitemcheckbox', { name })).toBeChecked();
  }
  for (const label of labels) {
    const given = async () => (await world.call('GET', `teams/${team}/tasks?label=${label}`, ann.token)).items.map(({ title }) => title);
    await expect.poll(given).toEqual(['Alpha']);
  }
});

test('keys in a menu each count, also when they are sent at once', async ({ page, world }) => {
  const ann = await world.person('Ann');
  await board(page, world, ann, ['Alpha', 'Bravo']);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await card(page, 'Alpha').getByRole('link').focus();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu')).toBeVisible();
  const press = (keys: string[]) => Promise.all(keys.map((key) => page.keyboard.press(key)));
  await press(['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowDown']);
  await expect(item(page, 'Priority')).toBeFocused();
  await press(['d', 'u', 'e']);
  await expect(item(page, 'Due date')).toBeFocused();
  await press(['End', 'ArrowDown', 'ArrowDown']);
  await expect(item(page, 'Status')).toBeFocused();
});

for (const view of ['board', 'list'] as const) {
  test(`several are selected and changed together: ${view}`, async ({ page, world }) => {
    const ann = await world.person('Ann');
    const titles = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo'];
    const team = await board(page, world, ann, titles, view);
    await world.label(team, ann, 'Bug');
    const bar = page.getByRole('region', { name: 'Selected tasks' });
    const selected = (count: number) => expect(bar).toContainText(`${count} task${count === 1 ? '' : 's'} selected`);

    await test.step('X and Shift with arrows', async () => {
      await card(page, 'Alpha').getByRole('link').focus();
      await page.keyboard.press('x');
      await selected(1);
      await page.keyboard.down('Shift');
      await Promise.all(['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'].map((key) => page.keyboard.press(key)));
      await page.keyboard.up('Shift');
      await selected(3);
      await page.keyboard.press('Escape');
      await expect(bar).toBeHidden();
    });

    await test.step('Ctrl and Shift with a click open nothing', async () => {
      await card(page, 'Alpha').click({ modifiers: ['Control'] });
      await card(page, 'Charlie').click({ modifiers: ['Shift'] });
      await selected(3);
      await card(page, 'Bravo').click({ modifiers: ['Control'] });
      await selected(2);
      await expect(page.getByRole('complementary')).toHaveCount(0);
      expect(page.context().pages()).toHaveLength(1);
    });

    await test.step('a key acts on all', async () => {
      await page.keyboard.press('p');
      await expect(page.getByRole('dialog')).toContainText('2 tasks selected');
      await page.keyboard.type('Urgent');
      await page.keyboard.press('Enter');
      const isUrgent = view === 'board' ? { hasText: 'Priority: Urgent' } : { has: page.getByRole('button', { name: /Urgent/ }) };
      await expect(page.locator('[data-task]').filter(isUrgent)).toHaveCount(2);
      await expect(page.getByText('2 tasks changed')).toBeVisible();
    });

    await test.step('so does the bar, and the menu', async () => {
      await page.keyboard.press('Control+a');
      await selected(5);
      await bar.getByRole('button', { name: 'Labels' }).click();
      await page.getByRole('option', { name: 'Bug' }).click();
      await page.keyboard.press('Escape');
      await expect(page.locator('[data-task]').filter({ hasText: 'Bug' })).toHaveCount(5);
      await card(page, 'Echo').click({ modifiers: ['Control'] });
      await selected(4);
      await card(page, 'Delta').click({ button: 'right' });
      await expect(page.getByRole('menu')).toContainText('4 tasks selected');
      await item(page, 'Delete 4 tasks').click();
      await page.getByRole('button', { name: 'Delete 4 tasks' }).click();
      await expect(page.locator('[data-task]')).toHaveCount(1);
      await expect(bar).toBeHidden();
      await expect(page.getByText('4 tasks deleted')).toBeVisible();
    });
  });
}

test('what couldn’t be saved of several is named, and shown as it was', async ({ page, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  await board(page, world, ann, ['Alpha', 'Bravo', 'Charlie']);
  const refused = await card(page, 'Bravo').getAttribute('data-task');
  await page.route(`**/tasks/${refused}`, (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill(refusal(403, 'forbidden'))
      : route.continue(),
  );
  await card(page, 'Alpha').getByRole('link').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('s');
  await page.keyboard.type('Done');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Couldn’t save 1 of 3 tasks: \w+-2/)).toHaveCount(1);
  await expect(column(page, 'Done').locator('[data-task]')).toHaveCount(2);
  await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/Bravo/]);
});

test('a viewer is offered what they may do', async ({ page, world }) => {
  const [ann, vera] = [await world.person('Ann'), await world.person('Vera')];
  const team = await world.team(ann, [[vera, 'viewer']]);
  await world.task(team, ann, { title: 'Look at me' });
  await enter(page.context(), vera);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await card(page, 'Look at me').click({ button: 'right' });
  await expect(page.getByRole('menuitem')).toHaveText([/Open task/, /Copy link/]);
});

test('dragging one of several selected cards moves all of them, in their order', async ({ page, world }) => {
  const ann = await world.person('Ann');
  const team = await board(page, world, ann, ['Alpha', 'Bravo', 'Charlie', 'Delta']);
  await world.task(team, ann, { title: 'There', status: 'in_progress' });
  await expect(card(page, 'There')).toBeVisible();
  for (const name of ['Alpha', 'Charlie']) await card(page, name).getByRole('link').click({ modifiers: ['Control'] });
  await expect(card(page, 'Alpha')).toHaveAttribute('draggable', 'true');
  await card(page, 'Charlie').dragTo(card(page, 'There'), { sourcePosition: { x: 30, y: 15 }, targetPosition: { x: 60, y: 60 } });
  await expect(column(page, 'In progress').locator('[data-task]')).toHaveText([/There/, /Alpha/, /Charlie/]);
  await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/Bravo/, /Delta/]);
  await expect
    .poll(async () => (await world.call('GET', `teams/${team}/tasks?status=in_progress&sort=position`, ann.token)).items.map(({ title }) => title))
    .toEqual(['There', 'Alpha', 'Charlie']);
  // What isn't selected goes alone.
  await card(page, 'Bravo').dragTo(card(page, 'There'), { sourcePosition: { x: 30, y: 15 }, targetPosition: { x: 60, y: 5 } });
  await expect(column(page, 'In progress').locator('[data-task]')).toHaveText([/Bravo/, /There/, /Alpha/, /Charlie/]);
  // Where the latest comes first, only the status is set.
  await card(page, 'Alpha').dragTo(column(page, 'Done'));
  await expect(column(page, 'Done').locator('[data-task]')).toHaveCount(2);
});
