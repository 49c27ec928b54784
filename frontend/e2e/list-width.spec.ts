import { enter, expect, test } from './world.ts';

const WIDTHS = [320, 360, 390, 721, 768, 900, 1024, 1200, 1280, 1360, 1440, 1600];

test('no cell of a row lies over another or is cut off, at any width, beside an open task too', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann Ash'), await world.person('Bob Berg')];
  const key = `w${ann.id.replace(/[^0-9a-f]/g, '').slice(-7)}`;
  await world.call('POST', 'teams', ann.token, { name: 'Operations', key });
  const { token } = await world.call('POST', `teams/${key}/invitations`, ann.token, { email: bob.email, role: 'admin' });
  await world.call('POST', 'invitations/accept', bob.token, { token });
  const labels: string[] = [];
  for (const name of ['Bug', 'Documentation', 'Customer request', 'Performance']) labels.push(await world.label(key, ann, name));
  for (let n = 1; n <= 6; n++) {
    await world.task(key, ann, {
      title: `A task with a title of usual length that says what is to be done ${n}`,
      labels: labels.slice(0, n % 5),
      due_at: n % 2 === 1 ? '2026-12-24T22:59:00Z' : null,
      assignees: n % 3 === 0 ? [] : [ann.id, bob.id],
    });
  }
  await enter(context, ann);
  for (const query of ['', '?task=1']) {
    await page.goto(`/t/${key}/list${query}`);
    await expect(page.locator('[data-task]')).toHaveCount(6);
    for (const width of WIDTHS) {
      // The panel covers the list there.
      if (query !== '' && width < 1024) continue;
      await page.setViewportSize({ width, height: 800 });
      const faults = await page.evaluate(() => {
        const found = new Set<string>();
        /** What is seen of an element: its text, within all that cuts it off. */
        const seen = (element: Element, row: Element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          const text = range.getBoundingClientRect();
          let { left, right, top, bottom } = text.width > 0 ? text : element.getBoundingClientRect();
          for (let up: Element | null = element; up !== null && up !== row; up = up.parentElement) {
            if (getComputedStyle(up).overflowX === 'visible') continue;
            const box = up.getBoundingClientRect();
            [left, right, top, bottom] = [Math.max(left, box.left), Math.min(right, box.right), Math.max(top, box.top), Math.min(bottom, box.bottom)];
          }
          return { left, right, top, bottom };
        };
        for (const row of document.querySelectorAll('[data-task]')) {
          const frame = row.getBoundingClientRect();
          const boxes = [...row.children].flatMap((cell, column) => {
            const leaves = [cell, ...cell.querySelectorAll('*')].filter((one) => one.firstElementChild === null);
            const shown = leaves.filter((one) => one.closest('.visually-hidden, [class*=_assign_]') === null && one.checkVisibility());
            const name = /^_(\w+?)_/.exec(cell.getAttribute('class') ?? '')?.[1] ?? String(column);
            return shown.map((one) => ({ name, column, box: seen(one, row) }));
          });
          for (const [n, { name, column, box }] of boxes.entries()) {
            if (box.right <= box.left) continue;
            if (box.right > frame.right + 1 || box.left < frame.left - 1) found.add(`${name} is cut off`);
            for (const other of boxes.slice(n + 1)) {
              if (other.column === column) continue;
              const over = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
              const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
              if (over > 1 && down > 1) found.add(`${name} over ${other.name}`);
            }
          }
          const title = row.querySelector('a')?.getBoundingClientRect().width ?? 0;
          if (title < 80) found.add('no room for the title');
        }
        const list = document.querySelector('[data-task]')?.parentElement?.parentElement;
        return { faults: [...found], list: Math.round(list?.getBoundingClientRect().width ?? 0) };
      });
      expect.soft(faults, `${width} px ${query}`).toEqual({ ...faults, faults: [] });
    }
  }
});

test('a member’s long name takes a few lines on the smallest phone', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const name = 'Bartholomew Featherstonehaugh Cholmondeley the Younger of Marjoribanks';
  await world.call('PATCH', 'me', bob.token, { name });
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, ann);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`/t/${team}/settings/members`);
  const line = page.locator(`[data-member="${bob.id}"]`);
  expect((await line.getByText(name).boundingBox())?.height).toBeLessThan(80);
  const role = line.getByRole('button', { name: /Role of/ });
  await role.scrollIntoViewIfNeeded();
  await expect(role).toBeInViewport({ ratio: 1 });
});
