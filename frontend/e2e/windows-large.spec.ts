import type { Page } from '@playwright/test';
import { card, column, enter, expect, live, test, type Person, type World } from './world.ts';

/** More than any window reads at first, and few enough to be made through the API. */
const MANY = 1_500;
/** Rows that a page of the board and the list may hold after it was opened. */
const MOST_READ = 600;

// A trace takes pictures of the page, which heap and times would show.
test.use({ trace: 'off' });

async function fill(world: World, team: string, by: Person): Promise<void> {
  const left = Array.from({ length: MANY }, (_, n) => n);
  const one = async () => {
    for (let n = left.pop(); n !== undefined; n = left.pop()) {
      const status = n % 3 === 0 ? 'completed' : n % 3 === 1 ? 'in_progress' : 'pending';
      await world.task(team, by, { title: `Task ${n}${n === 7 ? ' needle' : ''}`, status });
    }
  };
  await Promise.all(Array.from({ length: 12 }, one));
}

/** The tasks that the page has read, by its answers. */
function counting(page: Page): { tasks: () => number } {
  let tasks = 0;
  page.on('response', (response) => {
    if (!/\/teams\/[^/]+\/tasks$/.test(new URL(response.url()).pathname) || response.request().method() !== 'GET') return;
    response.json().then(
      (body: { items: unknown[] }) => (tasks += body.items.length),
      () => undefined,
    );
  });
  return { tasks: () => tasks };
}

test('a large team is read as far as it is looked at', async ({ page, context, world }) => {
  test.setTimeout(300_000);
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await fill(world, team, ann);
  await enter(context, ann);
  const read = counting(page);
  await page.goto(`/t/${team}/board`);
  await live(page);

  await test.step('the board says how many there are, and holds few of them', async () => {
    for (const name of ['To do', 'In progress', 'Done']) await expect(column(page, name)).toContainText(String(MANY / 3));
    await expect(column(page, 'To do').locator('[data-task]').first()).toBeVisible();
    expect(read.tasks()).toBeLessThan(MOST_READ);
  });

  await test.step('more comes in while one scrolls', async () => {
    const before = read.tasks();
    const todo = column(page, 'To do');
    const top = async () => todo.locator('[data-task]').last().textContent();
    const first = await top();
    await expect(async () => {
      await todo.locator('[data-task]').last().scrollIntoViewIfNeeded();
      expect(read.tasks()).toBeGreaterThan(before + 100);
    }).toPass();
    expect(await top()).not.toBe(first);
  });

  await test.step('a filter finds what isn’t held', async () => {
    await page.goto(`/t/${team}/list?q=needle`);
    await expect(card(page, 'Task 7 needle')).toBeVisible();
    await expect(page.getByText('1 task', { exact: true })).toBeVisible();
  });

  await test.step('so does the palette', async () => {
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('needle');
    await expect(page.getByRole('option', { name: /Task 7 needle/ })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('what others do beyond it is counted, and comes into sight when it moves there', async () => {
    const { items } = await world.call('GET', `teams/${team}/tasks?q=needle`, ann.token);
    const needle = items[0]?.number ?? 0;
    const bottom = await world.task(team, ann, { title: 'Counted' });
    await expect(column(page, 'To do')).toContainText(String(MANY / 3 + 1));
    await world.call('DELETE', `teams/${team}/tasks/${bottom.number}`, ann.token);
    await expect(column(page, 'To do')).toContainText(String(MANY / 3));
    await world.call('PATCH', `teams/${team}/tasks/${needle}`, ann.token, { status: 'blocked' });
    await expect(column(page, 'Blocked')).toContainText('needle');
  });
});
