import { answered, enter, expect, live, test } from './world.ts';

test('a label is created in the label menu, and found without its accents', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.label(team, ann, 'Qualité');
  await world.task(team, ann, { title: 'Labelled' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  const property = page.locator('[data-property=labels]');
  await property.click();
  const field = page.getByRole('combobox', { name: 'Add or remove labels…' });
  await field.fill('qualite');
  await expect(page.getByRole('option').first()).toHaveText('Qualité');
  await field.fill('QUALITÉ');
  await expect(page.getByRole('option')).toHaveText(['Qualité']);
  await field.fill('Customer');
  await expect(page.getByRole('option')).toHaveText(['Create label “Customer”']);

  // The Enter that ends a composition is the input method's.
  await field.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true });
  await expect(page.getByRole('option')).toHaveText(['Create label “Customer”']);
  const saved = answered(page, 'PATCH');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Label Customer created')).toBeVisible();
  await expect(field).toHaveValue('');
  await expect(property).toContainText('Customer');
  await expect(page.getByRole('option', { name: 'Customer selected' })).toBeVisible();
  await page.keyboard.press('Escape');
  await saved;
  await page.reload();
  await expect(property).toContainText('Customer');

  await page.keyboard.press('c');
  await page.getByRole('dialog').getByRole('button', { name: /^Labels/ }).click();
  await page.getByRole('combobox', { name: 'Add or remove labels…' }).fill('Second');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New task' }).locator('[data-property=labels]')).toContainText('Second');
});
