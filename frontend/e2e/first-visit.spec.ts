import { card, expect, live, PASSWORD, test } from './world.ts';

test('a new person names a team and finds three sample tasks', async ({ page, world, watched }) => {
  // The key is somebody else's at first.
  watched.expectFailures();
  const name = `Zebra ${Date.now().toString(36)}`;
  const other = await world.person('Other');
  const taken = `Z${Date.now().toString(36)}`.toUpperCase();
  await world.call('POST', 'teams', other.token, { name: 'Other', key: taken });
  await page.goto('/signup');
  await page.getByLabel('Your name').fill('Dora');
  await page.getByLabel('Email').fill(`dora-${Date.now()}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Name your team' })).toBeVisible();
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription('Enter a name for the team.');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await expect(page.getByLabel('Key')).toHaveValue(/^Z[A-Z0-9]$/);
  await page.getByLabel('Key').fill('o-ps');
  await expect(page.getByLabel('Key')).toHaveAccessibleDescription('Use only the letters A to Z and digits.');
  await page.getByLabel('Key').fill(taken);
  await page.reload();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name);
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByLabel('Key')).toHaveAccessibleDescription(`Another team already uses ${taken}. You could use ${nextOf(taken)}.`);
  await page.getByLabel('Key').fill(`${taken}A`);
  await page.getByRole('button', { name: 'Create team' }).click();
  await live(page);
  await expect(page.locator('[data-task]')).toHaveCount(3);
  await expect(card(page, 'Invite your colleagues')).toBeVisible();
  await expect(page.getByText(`${name} created with the key ${taken}A`)).toBeVisible();
  await page.goto('/welcome');
  await expect(page).toHaveURL(/\/board$/);
});

function nextOf(key: string): string {
  const [, stem = '', digits = ''] = /^(.*?)([0-9]*)$/.exec(key) ?? [];
  return `${stem}${digits === '' ? 2 : Number(digits) + 1}`;
}

test('it can be skipped, and isn’t asked again', async ({ page }) => {
  await page.goto('/signup');
  await page.getByLabel('Your name').fill('Dora');
  await page.getByLabel('Email').fill(`dora-${Date.now()}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible();
  await page.goto('/');
  await expect(page).toHaveURL(/\/board$/);
});
