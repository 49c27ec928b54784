import type { Page } from '@playwright/test';
import { enter, expect, live, test, type World } from './world.ts';

async function openTask(page: Page, context: Parameters<typeof enter>[0], world: World) {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Text' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  return { panel: page.getByRole('complementary') };
}

test('a file that is dropped beside the texts is refused like one in them', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  await expect(page.locator('[data-editor] .cm-content')).toBeVisible();
  const note = page.getByText('Images and files can’t be added: paste a link instead.');
  for (const target of [page.getByRole('main'), panel, page.locator('[data-task]').first(), page.locator('[data-editor] .cm-content'), page.locator('#filter-text')]) {
    const taken = await target.evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'a.png', { type: 'image/png' }));
      const send = (type: string) => element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      // True leaves it to the browser, which opens it.
      return [send('dragover'), send('drop')];
    });
    expect(taken).toEqual([false, false]);
    await expect(note).toHaveCount(1);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(note).toHaveCount(0);
  }
});

test('a text is dropped as ever', async ({ page, context, world }) => {
  await openTask(page, context, world);
  const isLeft = await page.locator('#filter-text').evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('text/plain', 'word');
    return element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  expect(isLeft).toBe(true);
});
