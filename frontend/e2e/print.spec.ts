import { enter, expect, live, refusal, test } from './world.ts';

const MANY = 70;

test('printing takes the whole board, the whole list and the whole task', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (let n = 0; n < MANY; n++) await world.task(team, ann, { title: `Row ${n} to print`, status: n % 2 ? 'pending' : 'blocked' });
  const text = Array.from({ length: 120 }, (_, n) => `Paragraph ${n}`).join('\n\n');
  const folded = '<details>\n<summary>More</summary>\n\nOnly for those who look\n</details>';
  const long = await world.task(team, ann, { title: 'Long text', description: `${folded}\n\n${text}` });
  await world.call('POST', `teams/${team}/tasks/${long.id}/comments`, ann.token, { body: 'Printed' });
  await enter(context, ann);

  for (const view of ['board', 'list'] as const) {
    await test.step(view, async () => {
      await page.goto(`/t/${team}/${view}`);
      await live(page);
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('[data-task]')).toHaveCount(MANY + 1);
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
      await expect(page.locator('[data-paper=head]')).toHaveText(/^Operations · .*20\d\d/);
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
    // The editor is there, empty.
    await expect(page.locator('.cm-placeholder')).toBeVisible();
    const time = page.locator('article time');
    await expect(time).toHaveText('now');
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('#main')).toBeHidden();
    for (const text of ['Assign someone', 'Add labels', 'Set a due date']) await expect(page.getByText(text)).toBeHidden();
    await expect(page.locator('[data-editor]')).toBeHidden();
    await expect(page.getByText('Only for those who look')).toBeVisible();
    await expect(time).toHaveText(/20\d\d/);
    const last = await page.getByText('Paragraph 119').evaluate((row) => row.getBoundingClientRect().bottom + scrollY);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThanOrEqual(Math.floor(last));
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(2);
    await page.emulateMedia({ media: 'screen' });
    await expect(page.getByText('Only for those who look')).toBeHidden();
    await expect(time).toHaveText(/now|ago/);
  });
});

test('Ctrl+P says that it loads, prints all rows, and says on paper when some are missing', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await Promise.all(Array.from({ length: MANY }, (_, n) => world.task(team, ann, { title: `Row ${n} to print` })));
  await enter(context, ann);
  const prints: { rows: number; note: string }[] = [];
  await context.exposeFunction('onPrint', (print: { rows: number; note: string }) => prints.push(print));
  await context.addInitScript(() => {
    window.print = () => {
      const note = document.querySelector('[data-paper=note]')?.textContent ?? '';
      const rows = document.querySelectorAll('[data-task]').length;
      void (window as unknown as { onPrint: (print: object) => Promise<void> }).onPrint({ rows, note });
    };
  });
  const nextPages = /\/tasks\?.*cursor=/;
  const loading = page.getByLabel('Messages').getByText('Loading everything to print it…');

  for (const view of ['board', 'list'] as const) {
    await test.step(`${view}, read on`, async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      await page.route(nextPages, async (route) => {
        await released;
        await route.fallback();
      });
      await page.goto(`/t/${team}/${view}`);
      await live(page);
      await page.keyboard.press('Control+p');
      await expect(loading).toBeVisible();
      expect(prints).toEqual([]);
      release();
      await expect.poll(() => prints).toEqual([{ rows: MANY, note: '' }]);
      await expect(loading).toHaveCount(0);
      await page.unrouteAll({ behavior: 'wait' });
      prints.length = 0;
    });

    await test.step(`${view}, without its further pages`, async () => {
      watched.expectFailures();
      await page.route(nextPages, (route) => route.fulfill(refusal(500, 'internal')));
      await page.goto(`/t/${team}/${view}`);
      await live(page);
      await page.keyboard.press('Control+p');
      await expect.poll(() => prints).toEqual([{ rows: 50, note: `Not all tasks could be loaded: 50 of ${MANY} are printed.` }]);
      await page.unrouteAll({ behavior: 'wait' });
      prints.length = 0;
    });
  }
});
