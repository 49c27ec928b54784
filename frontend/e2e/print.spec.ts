import { enter, expect, live, test } from './world.ts';

const MANY = 70;

test('printing takes the whole board, the whole list and the whole task', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (let n = 0; n < MANY; n++) await world.task(team, ann, { title: `Row ${n} to print`, status: n % 2 ? 'pending' : 'blocked' });
  const text = Array.from({ length: 120 }, (_, n) => `Paragraph ${n}`).join('\n\n');
  await world.task(team, ann, { title: 'Long text', description: text });
  await enter(context, ann);

  for (const view of ['board', 'list'] as const) {
    await test.step(view, async () => {
      await page.goto(`/t/${team}/${view}`);
      await live(page);
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('[data-task]')).toHaveCount(MANY + 1);
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
      const tops = await page.locator('[data-task]').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
      expect(new Set(tops.map(Math.round)).size).toBe(MANY + 1);
      const bottom = await page.locator('[data-task]').last().evaluate((row) => row.getBoundingClientRect().bottom + scrollY);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThanOrEqual(Math.floor(bottom));
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(1);
      await page.emulateMedia({ media: 'screen' });
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    });
  }

  await test.step('task', async () => {
    await page.goto(`/t/${team}/board?task=${MANY + 1}`);
    await expect(page.getByText('Paragraph 119')).toBeAttached();
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('#main')).toBeHidden();
    const last = await page.getByText('Paragraph 119').evaluate((row) => row.getBoundingClientRect().bottom + scrollY);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThanOrEqual(Math.floor(last));
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(2);
  });
});
