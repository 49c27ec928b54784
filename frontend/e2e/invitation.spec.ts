import type { World, Person } from './world.ts';
import { ask, enter, expect, PASSWORD, test } from './world.ts';

async function invited(world: World, by: Person, team: string, email: string): Promise<string> {
  return (await world.call('POST', `teams/${team}/invitations`, by.token, { email, role: 'member' })).token;
}

test('somebody without an account signs up from the link, and is in the team', async ({ page, world, watched }) => {
  // A used invitation is gone.
  watched.expectFailures();
  const ann = await world.person('Ann Berg');
  const team = await world.team(ann);
  const email = `new-${Date.now()}@example.com`;
  const token = await invited(world, ann, team, email);
  await page.goto(`/invite#${token}`);
  await expect(page.getByText('Ann Berg invited you to the team Operations as a member.')).toBeVisible();
  await page.reload();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await page.getByLabel('Your name').fill('Nora');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.reload();
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await page.getByLabel('Your name').fill('Nora');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up and join' }).click();
  await expect(page).toHaveURL(`/t/${team}/board`);
  await expect(page.getByText('You joined Operations')).toBeVisible();
  // A second look at the link leads to the team, too.
  await page.goto(`/invite#${token}`);
  await expect(page).toHaveURL(`/t/${team}/board`);
});

test('signed in as somebody else: the page says so and offers to change', async ({ page, context, world }) => {
  const [ann, bob, eve] = [await world.person('Ann'), await world.person('Bob'), await world.person('Eve')];
  const team = await world.team(ann);
  const token = await invited(world, ann, team, bob.email);
  await enter(context, eve);
  await page.goto(`/invite#${token}`);
  await expect(page.getByText(`The invitation is for ${bob.email}, and you are signed in as ${eve.email}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Sign in with another account' }).click();
  await expect(page.getByLabel('Email')).toHaveValue(bob.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(page).toHaveURL(`/t/${team}/board`);
});

test('signed in as the invited person: one click, also when its answer is lost', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann);
  const token = await invited(world, ann, team, bob.email);
  await enter(context, bob);
  let calls = 0;
  await page.route('**/invitations/accept', async (route) => {
    if (calls++ > 0) return route.continue();
    await ask(route);
    return route.abort();
  });
  await page.goto(`/invite#${token}`);
  await expect(page.getByRole('heading', { name: 'Join Operations' })).toBeVisible();
  await page.getByRole('button', { name: 'Accept invitation' }).dblclick();
  await expect(page).toHaveURL(`/t/${team}/board`);
});

test('a revoked invitation says so in plain words', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann);
  const made = await world.call('POST', `teams/${team}/invitations`, ann.token, { email: bob.email, role: 'member' });
  await world.call('DELETE', `teams/${team}/invitations/${made.id}`, ann.token);
  await page.goto(`/invite#${made.token}`);
  await expect(page.getByText('This invitation was already used, was revoked, or has expired.')).toBeVisible();
  await enter(context, bob);
  await page.goto('/inbox');
  await page.goto(`/invite#${made.token}`);
  await expect(page.getByRole('heading', { name: 'This invitation is no longer valid' })).toBeVisible();
});

test('inviting: kept when refused, copied, listed with who and until when, revoked after a question', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann Berg'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/invitations`);
  const email = page.getByLabel('Email address');
  await email.fill('carla@');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(email).toHaveAccessibleDescription(/complete email address/);
  await email.fill(bob.email);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(email).toHaveAccessibleDescription(/already in the team/);
  await page.reload();
  await expect(email).toHaveValue(bob.email);
  await email.fill('carla@example.com');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(page.getByText('Invitation for carla@example.com created')).toBeVisible();
  await expect(email).toHaveValue('');
  const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'carla@example.com' });
  await expect(line).toContainText('invited by Ann Berg');
  await expect(line).toContainText(/expires \d/);
  await line.getByRole('button', { name: 'Copy link' }).click();
  await expect(line.getByText('Link copied.')).toBeVisible();
  const link = await line.getByLabel('Invitation link').inputValue();
  // Pasted, as on a plain http name no script may read the clipboard.
  await email.focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(email).toHaveValue(link);
  await email.fill('');
  await page.reload();
  await expect(line).toBeVisible();
  // What is revoked is the new invitation, also before the list has been read again.
  await page.route(/\/invitations\?/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.fallback();
  });
  await line.getByRole('button', { name: 'New link carla@example.com' }).click();
  await expect(page.getByText('The old link no longer works.')).toBeVisible();
  await line.getByRole('button', { name: 'Revoke carla@example.com' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Invitation for carla@example.com revoked')).toBeVisible();
  await expect(line).toHaveCount(0);
});

test('another link in the tab of the last one shows the other invitation', async ({ page, context, world, watched }) => {
  // The first one is gone.
  watched.expectFailures();
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const [ops, lab] = [await world.team(ann, [], 'Operations'), await world.team(ann, [], 'Laboratory')];
  const first = await invited(world, ann, ops, bob.email);
  const again = await invited(world, ann, ops, bob.email);
  const other = await invited(world, ann, lab, `new-${Date.now()}@example.com`);
  await page.goto(`/invite#${first}`);
  await expect(page.getByRole('alert')).toBeVisible();
  // Only what stands behind # changes: nothing is loaded.
  await page.goto(`/invite#${again}`);
  await expect(page.getByText('invited you to the team Operations')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(bob.email);
  await page.getByLabel('Email').fill('typed@example.com');
  await page.goto(`/invite#${other}`);
  await expect(page.getByText('invited you to the team Laboratory')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(/^new-/);
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page).toHaveURL(`/signup#${other}`);
  await enter(context, bob);
  await page.goto(`/invite#${other}`);
  await page.reload();
  await expect(page.getByText(/The invitation is for new-/)).toBeVisible();
  await page.goto(`/invite#${again}`);
  await expect(page.getByRole('button', { name: 'Accept invitation' })).toBeVisible();
});
