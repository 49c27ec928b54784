import { enter, expect, PASSWORD, refusal, test } from './world.ts';

test('what is wrong stands beside its field, and what is typed stays', async ({ page }) => {
  await page.goto('/signup');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription('At least 10 characters');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Enter your name.');
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.getByLabel('Your name').fill('Dora');
  await page.getByLabel('Email').fill('dora');
  const password = page.getByLabel('Password', { exact: true });
  // The rule or what is wrong, never both.
  await expect(password).toHaveAccessibleDescription('Enter a password of at least 10 characters.');
  await expect(page.getByText('At least 10 characters', { exact: true })).toHaveCount(0);
  await password.fill('short');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/contains an @/);
  await expect(password).toHaveAccessibleDescription('Use at least 10 characters. This has 5.');
  await expect(page.getByLabel('Your name')).toHaveValue('Dora');
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveValue('short');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Email')).toHaveValue('dora');
});

test('signing up on the way to a page leads there', async ({ page, world }) => {
  const ann = await world.person('Ann');
  await page.goto('/inbox?show=unread');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/inbox?show=unread');
});

test('a session that has ended asks for the password only, and goes on', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  await page.getByLabel('New label').fill('Half a wor');
  await context.clearCookies();
  await page.route('**/api/v1/teams/**', (route) => route.fulfill(refusal(401, 'unauthenticated')));
  await page.getByLabel('New label').press('Enter');
  await expect(page.getByText('Your session has ended. Sign in again to continue where you were.')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(ann.email);
  await page.unrouteAll();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`/t/${team}/settings/labels`);
  await expect(page.getByLabel('New label')).toHaveValue('Half a wor');
  expect((await world.call('GET', `teams/${team}/labels`, ann.token)).items).toEqual([]);
});

test('a name is kept while it is typed, and saved', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  await page.goto('/account/profile');
  await page.getByLabel('Your name').fill('Ann Berg');
  await page.reload();
  await expect(page.getByLabel('Your name')).toHaveValue('Ann Berg');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByText('Your name is now Ann Berg')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Account of Ann Berg' })).toBeVisible();
  await page.getByLabel('Your name').fill(' ');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Enter your name.');
});

test('one session or all others are ended after a question', async ({ page, context, world, browserOf }) => {
  const ann = await world.person('Ann');
  await enter(context, ann);
  await (await browserOf(ann)).goto('/inbox');
  await page.goto('/account/sessions');
  const lines = page.getByRole('main').getByRole('listitem').filter({ has: page.getByText(/^Signed in/) });
  await expect(lines).toHaveCount(3);
  await lines.getByRole('button', { name: /^Sign out/ }).first().click();
  // Where a page is open, its access token goes on: said before and after, for one and for all.
  const openPages = /A page that is open there can go on for up to \d+ minutes?\./;
  await expect(page.getByRole('dialog')).toContainText(openPages);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText(/^Signed out on /)).toBeVisible();
  await expect(page.getByLabel('Messages')).toContainText(openPages);
  await expect(lines).toHaveCount(2);
  await page.getByRole('button', { name: 'Sign out on all other devices' }).click();
  await expect(page.getByRole('dialog')).toContainText(openPages);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out on all other devices' }).click();
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText('This device');
  await expect(page.getByLabel('Messages')).toContainText(openPages);
  await page.goto('/account/password');
  await expect(page.getByRole('main')).toContainText(openPages);
});

test('the theme is chosen in the settings', async ({ page, context, world }) => {
  await enter(context, await world.person('Ann'));
  await page.goto('/account/appearance');
  await page.getByRole('radio', { name: /^Dark/ }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.getByRole('radio', { name: /^Dark/ })).toBeChecked();
});
