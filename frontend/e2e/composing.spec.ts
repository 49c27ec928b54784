/** An Escape that an input method takes to give up a word closes nothing; the next one is the page's. */
import type { Locator, Page } from '@playwright/test';
import { card, enter, expect, live, test } from './world.ts';

/** Escape as an input method reports it, in the middle of a word or by its code alone. */
async function composedEscapes(page: Page): Promise<void> {
  await page.evaluate(() => {
    const field = document.activeElement ?? document.body;
    const press = (init: KeyboardEventInit) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true, ...init }));
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    press({ isComposing: true });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what input methods report
    press({ keyCode: 229 });
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
  });
}

test('an Escape within a composition closes no dialog, popover or menu', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Write in Japanese' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  const link = card(page, 'Write in Japanese').getByRole('link');
  const staysOpen = async (what: Locator) => {
    await expect(what).toBeVisible();
    await composedEscapes(page);
    // What closes is gone within a frame or two.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await expect(what).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(what).toBeHidden();
  };

  await test.step('a dialog', async () => {
    await page.keyboard.press('c');
    await expect(page.getByRole('dialog').getByLabel('Title')).toBeFocused();
    await staysOpen(page.getByRole('dialog'));
  });

  await test.step('a dialog, by a real composition', async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('combobox')).toBeVisible();
    await cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
    await staysOpen(page.getByRole('dialog'));
  });

  await test.step('a popover', async () => {
    await link.click();
    const panel = page.getByRole('complementary');
    await panel.getByRole('button', { name: 'Labels' }).click();
    await expect(page.getByRole('combobox', { name: 'Labels' })).toBeFocused();
    await staysOpen(page.getByRole('combobox', { name: 'Labels' }));
    await staysOpen(panel);
  });

  await test.step('menus', async () => {
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await staysOpen(page.getByRole('menu'));
    await link.click({ button: 'right' });
    await expect(page.getByRole('menu')).toBeVisible();
    await staysOpen(page.getByRole('menu'));
  });
});
