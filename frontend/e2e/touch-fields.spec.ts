import { devices, type Page } from '@playwright/test';
import { enter, expect, live, test } from './world.ts';

const { defaultBrowserType: _, ...phone } = devices['iPhone 13'];
test.use({ ...phone, viewport: { width: 390, height: 844 } });

/** The fields in sight whose text iOS would zoom into, with their sizes in px. */
async function smallFields(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLElement>('input:not([type=checkbox], [type=radio], [type=color]), textarea, select, [contenteditable=true]')];
    return fields
      .filter((field) => field.checkVisibility())
      .map((field) => ({ name: field.getAttribute('aria-label') ?? field.id, size: parseFloat(getComputedStyle(field).fontSize) }))
      .filter(({ size }) => size < 16)
      .map(({ name, size }) => `${name}: ${size}`);
  });
}

test('no field on a phone has letters below 16 px', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.label(team, ann, 'Bug');
  await world.task(team, ann, { title: 'Text' });
  await enter(context, ann);
  const expectNone = async (field: string) => {
    await expect(page.locator(field).filter({ visible: true }).first()).toBeVisible();
    expect(await smallFields(page), field).toEqual([]);
  };
  await page.goto(`/t/${team}/board`);
  await live(page);
  await expectNone('#filter-text');
  await page.keyboard.press('Control+k');
  await expectNone('[role=dialog] input');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await expectNone('[role=dialog] .cm-content');
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  await expectNone('aside .cm-content');
  await page.getByRole('button', { name: 'Add a description…' }).tap();
  await expectNone('section[aria-label=Description] .cm-content');
  await page.getByRole('complementary').getByRole('button', { name: /^Due date/ }).tap();
  await expectNone('input[type=date]');
  for (const path of [`/t/${team}/settings/labels`, `/t/${team}/settings/invitations`, '/account/profile', '/account/password']) {
    await page.goto(path);
    await expectNone('main input');
  }
});
