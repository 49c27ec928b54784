import { card, column, enter, expect, live, test } from './world.ts';

test('columns fold, and stay so', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Open one' });
  await world.task(team, ann, { title: 'Given up', status: 'cancelled' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await expect(card(page, 'Open one')).toBeVisible();
  await expect(card(page, 'Given up')).toHaveCount(0);
  await expect(column(page, 'Cancelled')).toContainText('1');
  await page.getByRole('button', { name: 'Unfold Cancelled' }).click();
  await expect(card(page, 'Given up')).toBeVisible();
  await page.getByRole('button', { name: 'Fold Blocked', exact: true }).click();
  await page.reload();
  await expect(card(page, 'Given up')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Unfold Blocked' })).toBeVisible();
  await card(page, 'Open one').dragTo(page.getByRole('button', { name: 'Unfold Blocked' }));
  await expect(card(page, 'Open one')).toHaveCount(0);
  await expect(column(page, 'Blocked')).toContainText('1');
});

test('no card moves under the pointer when a colleague changes the column', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const ids: string[] = [];
  for (let n = 30; n > 0; n--) ids.unshift((await world.task(team, ann, { title: `Card ${String(n).padStart(2, '0')}` })).id);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const todo = column(page, 'To do');
  const at = async (title: string) => (await card(page, title).boundingBox())?.y;

  await test.step('held back while the pointer is over the column', async () => {
    await card(page, 'Card 03').hover();
    const before = await at('Card 03');
    await world.task(team, bob, { title: 'From Bob' });
    await world.call('DELETE', `teams/${team}/tasks/${ids[0]}`, bob.token);
    await expect(todo.getByRole('button', { name: '2 changes' })).toBeVisible();
    expect(await at('Card 03')).toBe(before);
    await expect(card(page, 'From Bob')).toHaveCount(0);
    await expect(todo.getByText('Card 01')).toBeVisible();
    await page.mouse.move(700, 20);
    await expect(todo.locator('[data-task]').first()).toHaveText(/From Bob/);
    await expect(todo.getByText('Card 01')).toHaveCount(0);
  });

  await test.step('own actions apply at once', async () => {
    await card(page, 'Card 03').hover();
    await card(page, 'Card 02').click({ modifiers: ['Control'] });
    await page.keyboard.press('s');
    await page.keyboard.type('Blocked');
    await page.keyboard.press('Enter');
    await expect(column(page, 'Blocked')).toContainText('Card 02');
    await expect(todo.getByText('Card 02')).toHaveCount(0);
  });

  await test.step('scrolled down, what is above comes and goes unseen', async () => {
    await page.mouse.move(700, 20);
    await todo.locator('ul').evaluate((list) => list.parentElement?.scrollTo(0, 900));
    await expect(card(page, 'Card 20')).toBeVisible();
    const before = await at('Card 20');
    await world.task(team, bob, { title: 'One more from Bob' });
    await expect(todo.locator('header')).toContainText('30');
    expect(await at('Card 20')).toBe(before);
    await world.call('DELETE', `teams/${team}/tasks/${ids[3]}`, bob.token);
    await expect(todo.locator('header')).toContainText('29');
    expect(await at('Card 20')).toBe(before);
  });

  await test.step('lists say their true length', async () => {
    await expect(card(page, 'Card 20').locator('xpath=ancestor::li')).toHaveAttribute('aria-setsize', '29');
  });
});
