import { ask, enter, expect, test } from './world.ts';

test('settings have an address each, and the old one keeps working', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/team`);
  await expect(page).toHaveURL(`/t/${team}/settings/members`);
  await expect(page.getByRole('heading', { name: '1 member' })).toBeVisible();
  const sections = page.getByRole('navigation', { name: 'Sections of the settings' });
  for (const [name, path] of [
    ['Invitations', `/t/${team}/settings/invitations`],
    ['Labels', `/t/${team}/settings/labels`],
    ['Password', '/account/password'],
    ['Sessions', '/account/sessions'],
    ['Appearance', '/account/appearance'],
    ['Profile', '/account/profile'],
  ] as const) {
    await sections.getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
    await expect(sections.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
  }
  await page.goto('/account');
  await expect(page).toHaveURL('/account/profile');
});

test('a role is changed, undone, and said; a member is removed after a question', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob Stone')];
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/members`);
  await page.getByRole('button', { name: 'Role of Bob Stone: Member' }).click();
  await page.getByRole('menuitemradio', { name: 'Viewer' }).click();
  await expect(page.getByText('Bob Stone is now a viewer')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Role of Bob Stone: Member' })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for Bob Stone' }).click();
  await page.getByRole('menuitem', { name: /^Remove/ }).click();
  await expect(page.getByRole('dialog')).toContainText('Remove Bob Stone?');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Role of Bob Stone/ })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Bob Stone' }).click();
  await page.getByRole('menuitem', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Bob Stone removed from Operations')).toBeVisible();
  await expect(page.getByRole('button', { name: /Role of Bob Stone/ })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: '1 member' })).toBeFocused();
});

test('the only owner can neither leave nor step down, and is told why', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/team`);
  await page.getByRole('button', { name: /^Leave team/ }).click();
  await expect(page.getByRole('dialog')).toContainText('Make someone else an owner first');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.goto(`/t/${team}/settings/members`);
  await page.getByRole('button', { name: /^Role of Ann/ }).click();
  await page.getByRole('menuitemradio', { name: 'Member' }).click();
  await expect(page.getByRole('dialog')).toContainText('You are the only owner');
});

test('one leaves a team, and lands in another', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'viewer']]);
  await enter(context, bob);
  await page.goto(`/t/${team}/settings/members`);
  await expect(page.getByRole('button', { name: /^Role of/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Actions for Bob' }).click();
  await page.getByRole('menuitem', { name: /^Leave/ }).click();
  // The stream tells of it before the answer does.
  await page.route('**/members/*', async (route) => {
    const response = await ask(route);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.fulfill({ response });
  });
  await page.getByRole('dialog').getByRole('button', { name: 'Leave team' }).click();
  await expect(page.getByText('You left Operations')).toBeVisible();
  await expect(page).toHaveURL(/\/t\/bob[^/]*\/board$/);
});

test('long names make nothing wider', async ({ page, context, world }) => {
  const long = await world.person('Max');
  await world.call('PATCH', 'me', long.token, { name: 'Maximiliane'.repeat(10).slice(0, 100) });
  const team = await world.team(long, [], 'W'.repeat(100));
  await world.label(team, long, 'x'.repeat(50));
  await world.call('POST', `teams/${team}/invitations`, long.token, { email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example`, role: 'member' });
  await enter(context, long);
  for (const width of [320, 390, 768, 1024, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    for (const section of ['team', 'members', 'invitations', 'labels']) {
      await page.goto(`/t/${team}/settings/${section}`);
      await expect(page.locator('main h2')).toBeVisible();
      await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
      const wider = await page.evaluate(() =>
        [...document.querySelectorAll('main, main *')]
          .filter((one) => one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
          .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`),
      );
      expect(wider, `${section} at ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  }
});
