import { card, column, enter, expect, live, test } from './world.ts';

for (const width of [390, 1100]) {
  test(`a card is dragged to a column out of sight: ${width} px`, async ({ page, context, world }) => {
    await page.setViewportSize({ width, height: 800 });
    const ann = await world.person('Ann');
    const team = await world.team(ann);
    await world.task(team, ann, { title: 'Far to go' });
    await enter(context, ann);
    await page.goto(`/t/${team}/board`);
    await live(page);
    const box = await card(page, 'Far to go').boundingBox();
    if (box === null) throw new Error('The card is not there.');
    await expect(card(page, 'Far to go')).toHaveAttribute('draggable', 'true');
    await page.mouse.move(box.x + 60, box.y + 15);
    await page.mouse.down();
    await page.mouse.move(box.x + 80, box.y + 40, { steps: 4 });
    const done = column(page, 'Done');
    // Held at the edge, the board scrolls until the column is there.
    await expect(async () => {
      await page.mouse.move(width - 12, 300);
      await page.mouse.move(width - 14, 304);
      const at = await done.boundingBox();
      expect(at !== null && at.x + at.width <= width).toBe(true);
    }).toPass();
    const at = await done.boundingBox();
    await page.mouse.move((at?.x ?? 0) + (at?.width ?? 0) / 2, 300, { steps: 3 });
    await page.mouse.up();
    await expect(done.locator('[data-task]')).toHaveText(/Far to go/);
  });
}

test('the quick line cuts nothing, and asks about several lines', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'First' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.getByRole('button', { name: 'Add a task to To do' }).click();
  const quick = page.getByLabel('Title of a new task in To do');
  await quick.fill('😀'.repeat(256));
  await quick.press('Enter');
  await expect(page.getByText(/1 character/)).toBeVisible();
  await expect(page.locator('[data-task]')).toHaveCount(1);
  await quick.fill('😀'.repeat(255));
  await quick.press('Enter');
  await expect(page.locator('[data-task]')).toHaveCount(2);
  await expect(quick).toBeFocused();
  await quick.evaluate((input) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '- One\n- Two\n- Three');
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.getByRole('button', { name: /3 tasks/ }).click();
  await expect(column(page, 'To do').locator('[data-task]')).toHaveText([/One/, /Two/, /Three/, /😀/, /First/]);
});
