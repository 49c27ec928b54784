import type { Page } from '@playwright/test';
import { card, column, enter, expect, live, test } from './world.ts';

/** Sends the keys without waiting for the page in between, as a fast typist or a slow machine does. */
async function burst(page: Page, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

const TITLES = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot', 'Golf', 'Hotel'];

for (const view of ['board', 'list'] as const) {
  test(`keys sent at once each count: ${view}`, async ({ page, context, world }) => {
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    for (const title of [...TITLES].reverse()) await world.task(team, ann, { title });
    await enter(context, ann);
    await page.goto(`/t/${team}/${view}`);
    await live(page);
    await expect(page.locator('[data-task]')).toHaveCount(TITLES.length);
    const focused = (title: string) => expect(card(page, title).getByRole('link')).toBeFocused();
    for (const isSlow of [false, true]) {
      if (isSlow) await slow(page);
      await card(page, 'Alpha').getByRole('link').focus();
      await burst(page, ['j', 'j', 'ArrowDown', 'j', 'ArrowDown']);
      await focused('Foxtrot');
      await burst(page, ['k', 'ArrowUp']);
      await focused('Delta');
      await burst(page, ['j', 'k', 'j', 'j', 'k', 'ArrowDown', 'ArrowUp', 'k']);
      await focused('Delta');
      await burst(page, Array.from({ length: 40 }, (_, n) => (n % 2 ? 'ArrowDown' : 'j')));
      await focused('Hotel');
    }
  });
}

test('a card is lifted, carried and dropped by keys sent at once', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Charlie', 'Bravo', 'Alpha']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const todo = column(page, 'To do').locator('[data-task]');
  await expect(todo).toHaveText([/Alpha/, /Bravo/, /Charlie/]);
  for (const isSlow of [false, true]) {
    if (isSlow) await slow(page);
    await card(page, 'Alpha').getByRole('link').focus();
    await burst(page, ['Space', 'ArrowDown', 'ArrowDown', 'Space']);
    await expect(todo).toHaveText([/Bravo/, /Charlie/, /Alpha/]);
    await burst(page, ['Space', 'ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'Enter', 'j']);
    await expect(todo).toHaveText([/Alpha/, /Bravo/, /Charlie/]);
    await expect(card(page, 'Bravo').getByRole('link')).toBeFocused();
    await burst(page, ['k', 'Space', 'ArrowRight', 'ArrowRight', 'Escape', 'j']);
    await expect(card(page, 'Bravo').getByRole('link')).toBeFocused();
    await expect(todo).toHaveText([/Alpha/, /Bravo/, /Charlie/]);
  }
});

test('the focus goes to the neighbour of what is deleted, and follows what is moved', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Delta', 'Charlie', 'Bravo', 'Alpha']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const focused = (title: string) => expect(card(page, title).getByRole('link')).toBeFocused();
  await card(page, 'Bravo').getByRole('link').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(card(page, 'Bravo')).toHaveCount(0);
  await focused('Charlie');
  await page.keyboard.press('j');
  await focused('Delta');
  // A colleague deletes the one with the focus.
  const { items } = await world.call('GET', `teams/${team}/tasks`, ann.token);
  const delta = items.find(({ number }) => number === 1);
  await world.call('DELETE', `teams/${team}/tasks/${delta?.id ?? ''}`, ann.token);
  await expect(card(page, 'Delta')).toHaveCount(0);
  await focused('Charlie');
  // And one moves it to another column.
  const charlie = items.find(({ number }) => number === 2);
  await world.call('PATCH', `teams/${team}/tasks/${charlie?.id ?? ''}`, ann.token, { status: 'blocked' });
  await expect(column(page, 'Blocked')).toContainText('Charlie');
  await focused('Charlie');
});
