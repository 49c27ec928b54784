import { card, enter, expect, live, test } from './world.ts';

test('the menu of a task that a colleague deletes closes, and the focus goes to its neighbour', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, bob, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await card(page, 'Second').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Priority' })).toBeVisible();
  await world.call('DELETE', `teams/${team}/tasks/2`, bob.token);
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(page.locator('body')).not.toHaveCSS('pointer-events', 'none');
  await expect(card(page, 'Third').getByRole('link')).toBeFocused();
});

test('a card that a colleague deletes while it is dragged: that is said when it is dropped', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, bob, { title });
  await world.task(team, bob, { title: 'Elsewhere', status: 'in_progress' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const taken = card(page, 'Second');
  await expect(taken).toHaveAttribute('draggable', 'true');
  const from = await taken.boundingBox();
  const to = await card(page, 'Elsewhere').boundingBox();
  if (from === null || to === null) throw new Error('A card has no box.');
  await page.mouse.move(from.x + 20, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 40, to.y + 20, { steps: 8 });
  await world.call('DELETE', `teams/${team}/tasks/2`, bob.token);
  await expect(taken).toHaveCount(0);
  await page.mouse.move(to.x + 42, to.y + 22, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByText('This item no longer exists.').first()).toBeVisible();
});
