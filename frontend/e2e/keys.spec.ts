import type { Page } from '@playwright/test';
import { card, enter, expect, live, test } from './world.ts';

/** A key as a keyboard with another layout sends it. */
async function press(page: Page, key: string, code: string, also: Record<string, unknown> = {}): Promise<void> {
  await page.evaluate(
    (init) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', init)),
    { key, code, bubbles: true, cancelable: true, composed: true, ...also },
  );
}

test.beforeEach(async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['Third', 'Second', 'First']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
});

test('shortcuts work on every layout and with Caps Lock', async ({ page }) => {
  const dialog = page.getByRole('dialog');
  const layouts = [
    ['Latin with Caps Lock', 'C', 'KeyC'],
    ['Cyrillic', 'с', 'KeyC'],
    ['Greek', 'ψ', 'KeyC'],
    ['Hebrew', 'ב', 'KeyC'],
    ['Dvorak', 'c', 'KeyI'],
  ] as const;
  for (const [name, key, code] of layouts) {
    await test.step(name, async () => {
      await press(page, key, code);
      await expect(dialog).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    });
  }
  await test.step('what Dvorak has at the place of C does nothing', async () => {
    await press(page, 'j', 'KeyC');
    await press(page, 'л', 'KeyK', { ctrlKey: true });
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  await test.step('next and previous, too', async () => {
    await card(page, 'First').getByRole('link').focus();
    await press(page, 'о', 'KeyJ');
    await expect(card(page, 'Second').getByRole('link')).toBeFocused();
  });
});

test('keys act on the task with the focus, else the open one, else the one under the pointer', async ({ page }) => {
  const about = page.getByRole('dialog').getByRole('heading').first();
  const close = async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await card(page, 'Third').hover();
  await page.keyboard.press('p');
  await expect(about).toContainText('-1 ');
  await close();
  await card(page, 'First').getByRole('link').click();
  await expect(page.getByRole('complementary')).toBeFocused();
  await card(page, 'Third').hover();
  await page.keyboard.press('p');
  await expect(about).toContainText('-3 ');
  await close();
  await card(page, 'Second').getByRole('link').focus();
  await page.keyboard.press('p');
  await expect(about).toContainText('-2 ');
});

test('what is typed or composed is no shortcut', async ({ page }) => {
  const dialog = page.getByRole('dialog');
  await page.getByRole('combobox', { name: 'Filter' }).focus();
  await page.keyboard.type('cpsd?');
  await expect(dialog).toBeHidden();
  await page.getByRole('combobox', { name: 'Filter' }).fill('');
  await page.getByRole('combobox', { name: 'Filter' }).blur();
  await press(page, 'c', 'KeyC', { isComposing: true });
  await press(page, 'Process', 'KeyC', { keyCode: 229 });
  await page.evaluate(() => {
    const host = document.createElement('div');
    const shadow = host.attachShadow({ mode: 'open' });
    const field = shadow.appendChild(document.createElement('input'));
    const editor = document.createElement('div');
    editor.contentEditable = 'true';
    editor.append(document.createElement('p'));
    document.body.append(host, editor);
    const key = () => new KeyboardEvent('keydown', { key: 'c', code: 'KeyC', bubbles: true, composed: true, cancelable: true });
    field.dispatchEvent(key());
    editor.firstElementChild?.dispatchEvent(key());
  });
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: /switch team$/ }).click();
  await page.getByRole('menuitem', { name: 'New team' }).focus();
  await page.keyboard.press('c');
  await expect(dialog).toBeHidden();
});

test('single keys can be turned off', async ({ page }) => {
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('c');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('Keyboard');
  await page.keyboard.press('Enter');
  await sheet.getByRole('checkbox').check();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog', { name: 'New task' })).toBeVisible();
});

test('keys for a part of the panel lead to it also when it is out of sight, and leave no key dead', async ({ page }) => {
  const panel = page.getByRole('complementary');
  await card(page, 'First').getByRole('link').click();
  await panel.getByRole('tab', { name: 'History' }).click();
  await page.keyboard.press('m');
  await page.keyboard.type('Done');
  await expect(panel.getByLabel('Write a comment').last()).toContainText('Done');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page.keyboard.type('One');
  const description = panel.getByLabel('Description', { exact: true }).last();
  await expect(description).toContainText('One');
  await panel.getByRole('button', { name: 'Preview' }).first().click();
  await panel.getByRole('tab', { name: 'Comments' }).focus();
  await page.keyboard.press('e');
  await expect(description).toBeFocused();
  await page.keyboard.type(' and two');
  await expect(description).toContainText('One and two');
});
