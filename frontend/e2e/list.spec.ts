import type { Page } from '@playwright/test';
import { enter, expect, live, test } from './world.ts';

function row(page: Page, title: string) {
  return page.getByTestId('list').locator('[data-task]').filter({ hasText: title });
}

function titles(page: Page) {
  return page.getByTestId('list').locator('[data-task] [data-focus]');
}

test('the list: columns, inline changes, folding and sorting', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const bug = await world.label(team, ann, 'Bug');
  await world.task(team, ann, { title: 'Oldest', priority: 'low', due_at: new Date(Date.now() + 86_400_000).toISOString() });
  await world.task(team, ann, { title: 'Middle', labels: [bug], assignees: [bob.id] });
  await world.task(team, ann, { title: 'Newest', priority: 'urgent' });
  await world.task(team, ann, { title: 'Finished', status: 'completed' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  const group = (name: string) => page.getByRole('button', { name, expanded: true });

  await test.step('headings name the columns, groups say how many', async () => {
    for (const name of ['Key', 'Title', 'Labels', 'Due date', 'Assignees', 'Updated']) {
      await expect(page.getByTestId('list').getByText(name, { exact: true })).toBeVisible();
    }
    await expect(group('To do 3')).toBeVisible();
    await expect(group('Done 1')).toBeVisible();
  });

  await test.step('lists say their true length', async () => {
    const item = page.getByRole('listitem').filter({ hasText: 'Middle' });
    await expect(item).toHaveAttribute('aria-setsize', '3');
    await expect(item).toHaveAttribute('aria-posinset', '2');
  });

  await test.step('status, priority and assignee by a click', async () => {
    await row(page, 'Middle').getByRole('button', { name: /status is To do/ }).click();
    await page.getByRole('menuitemradio', { name: 'Blocked' }).click();
    await expect(group('Blocked 1')).toBeVisible();
    await row(page, 'Middle').getByRole('button', { name: /priority is No priority/ }).click();
    await page.getByRole('menuitemradio', { name: 'High' }).click();
    await expect(row(page, 'Middle').getByRole('button', { name: /priority is High/ })).toBeVisible();
    await row(page, 'Newest').getByRole('button', { name: /change assignees/ }).click();
    await page.getByRole('option', { name: 'Ann' }).click();
    await page.keyboard.press('Escape');
    await expect(row(page, 'Newest')).toContainText('Assigned to Ann');
  });

  await test.step('folding and order stay', async () => {
    await group('Done 1').click();
    await expect(row(page, 'Finished')).toHaveCount(0);
    await page.getByRole('button', { name: /^Sorted by/ }).click();
    await page.getByRole('menuitemradio', { name: 'Due date' }).click();
    await expect(titles(page)).toHaveText(['Middle', 'Oldest', 'Newest']);
    await page.getByRole('button', { name: /^Sorted by/ }).click();
    await page.getByRole('menuitemradio', { name: 'Newest' }).click();
    await expect(page.getByText('Created', { exact: true })).toBeVisible();
    await page.reload();
    await expect(titles(page)).toHaveText(['Middle', 'Newest', 'Oldest']);
    await expect(page.getByRole('button', { name: /^Done/, expanded: false })).toBeVisible();
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await page.getByRole('link', { name: 'List', exact: true }).click();
    await expect(titles(page)).toHaveText(['Middle', 'Newest', 'Oldest']);
  });

  await test.step('focus goes to the neighbour of what is deleted', async () => {
    await row(page, 'Newest').getByRole('link').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(row(page, 'Newest')).toHaveCount(0);
    await expect(row(page, 'Oldest').getByRole('link')).toBeFocused();
  });

  await test.step('selection and menu on the row', async () => {
    await row(page, 'Oldest').hover();
    await row(page, 'Oldest').getByRole('button', { name: /^Select/ }).click();
    await expect(row(page, 'Oldest')).toHaveAttribute('data-selected', 'true');
    await page.keyboard.press('Escape');
    await row(page, 'Oldest').click({ button: 'right' });
    await expect(page.getByRole('menu')).toBeVisible();
    await page.keyboard.press('Escape');
  });
});

test('keys pressed at once each move by one row, and the focus comes along from the board', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.getByRole('link', { name: 'First' }).focus();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(row(page, 'First').getByRole('link')).toBeFocused();
  await Promise.all(['j', 'ArrowDown', 'k', 'ArrowDown'].map((key) => page.keyboard.press(key)));
  await expect(row(page, 'Third').getByRole('link')).toBeFocused();
});

test('a long list is read as it is scrolled, and scrolled where it was when one comes back', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (let n = 0; n < 180; n++) await world.task(team, ann, { title: `Row ${n}.`, status: n < 150 ? 'pending' : 'in_progress' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  await expect(page.getByRole('button', { name: 'To do 150', expanded: true })).toBeAttached();
  const list = page.getByTestId('list');
  const toEnd = () => list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(async () => {
    await toEnd();
    await expect(row(page, 'Row 0.')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.getByRole('listitem').filter({ hasText: 'Row 0.' })).toHaveAttribute('aria-posinset', '150');
  // The heading of the group stays in sight, and no row with the focus is under it.
  await expect(page.getByRole('button', { name: 'To do 150' })).toBeInViewport();
  await row(page, 'Row 0.').getByRole('link').focus();
  for (let n = 0; n < 40; n++) await page.keyboard.press('ArrowUp');
  const focused = page.locator('[data-focus]:focus');
  await expect(focused).toHaveText('Row 40.');
  const [top, heading] = await Promise.all([
    focused.evaluate((link) => link.closest('[data-task]')?.getBoundingClientRect().top ?? 0),
    page.getByRole('button', { name: 'To do 150' }).evaluate((button) => button.getBoundingClientRect().bottom),
  ]);
  expect(top).toBeGreaterThanOrEqual(heading - 1);
  const before = await list.evaluate((element) => element.scrollTop);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await expect(page.getByRole('region', { name: 'To do' })).toBeVisible();
  await page.goBack();
  await expect(row(page, 'Row 40.')).toBeVisible();
  expect(Math.abs((await list.evaluate((element) => element.scrollTop)) - before)).toBeLessThan(2);
});

test('rows stay under the pointer when a colleague adds and removes some', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const ids = new Map<string, string>();
  for (let n = 0; n < 80; n++) {
    const { id } = await world.task(team, ann, { title: `Row ${n}.` });
    ids.set(`Row ${n}.`, id);
  }
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  const list = page.getByTestId('list');
  const top = (title: string) => row(page, title).evaluate((element) => element.getBoundingClientRect().top);

  await test.step('at the top, under the pointer: held back', async () => {
    await row(page, 'Row 75.').hover();
    const before = await top('Row 75.');
    await world.task(team, bob, { title: 'From Bob' });
    await world.call('DELETE', `teams/${team}/tasks/${ids.get('Row 78.') ?? ''}`, bob.token);
    await expect(page.getByRole('button', { name: '2 changes by others: show' })).toBeVisible();
    expect(await top('Row 75.')).toBe(before);
    await page.getByRole('button', { name: '2 changes by others: show' }).click();
    await expect(row(page, 'From Bob')).toBeVisible();
    await expect(row(page, 'Row 78.')).toHaveCount(0);
  });

  await test.step('scrolled, without the pointer: what is in sight stays', async () => {
    await page.mouse.move(5, 5);
    await list.evaluate((element) => element.scrollTo(0, 900));
    await expect(row(page, 'Row 50.')).toBeVisible();
    const before = await top('Row 50.');
    await world.task(team, bob, { title: 'Another from Bob' });
    await expect(page.getByRole('button', { name: 'To do 81' })).toBeVisible();
    expect(Math.abs((await top('Row 50.')) - before)).toBeLessThan(1);
  });
});

test('what is created under a filter stays in sight', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Important', priority: 'urgent' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list?priority=urgent`);
  await live(page);
  await page.keyboard.press('c');
  await page.getByRole('dialog').getByLabel('Title').fill('Less important');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Less important')).toContainText('Hidden by the filter: show all');
  await row(page, 'Less important').getByRole('button', { name: 'Hidden by the filter: show all' }).click();
  await expect(page).toHaveURL(/list$/);
  await expect(row(page, 'Less important')).not.toContainText('Hidden');
});

test('an empty list shows the first step', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await page.getByRole('main').getByRole('button', { name: 'New task' }).last().click();
  await page.getByRole('dialog').getByLabel('Title').fill('First step');
  await page.keyboard.press('Enter');
  await expect(row(page, 'First step')).toBeVisible();
});

test('long words make nothing wider', async ({ page, context, world }) => {
  const ann = await world.person('Wolfeschlegelsteinhausenbergerdorff');
  const team = await world.team(ann);
  const label = await world.label(team, ann, 'Donaudampfschifffahrtselektrizitätenhauptbetrieb'.slice(0, 40));
  const long = { labels: [label], assignees: [ann.id], due_at: '2026-01-01T12:00:00Z', priority: 'urgent' };
  await world.task(team, ann, { ...long, title: 'x'.repeat(200) });
  await world.task(team, ann, { ...long, title: `https://example.com/${'path/'.repeat(40)}` });
  await world.task(team, ann, { ...long, title: 'שלום עולם, this is mixed', status: 'blocked' });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  for (const width of [320, 390, 768, 1024, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.getByTestId('list').locator('[data-task]')).toHaveCount(3);
    const { list, body } = await page.evaluate(() => {
      const element = document.querySelector('[data-testid=list]');
      return {
        list: (element?.scrollWidth ?? 0) - (element?.clientWidth ?? 0),
        body: document.documentElement.scrollWidth - innerWidth,
      };
    });
    expect({ width, list, body }).toEqual({ width, list: 0, body: 0 });
    const title = await titles(page).first().boundingBox();
    expect(title?.width).toBeGreaterThan(80);
  }
});
