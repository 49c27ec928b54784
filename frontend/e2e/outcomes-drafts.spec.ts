/** Nothing typed is lost, in any editor, whatever happens to it. */
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { card, enter, expect, live, PASSWORD, type Person, refusal, test, type World } from './world.ts';

interface Editor {
  name: string;
  /** Below `/t/<team>`, or from the root. */
  address: string;
  /** Makes the editor visible, if it isn't. */
  open: (page: Page) => Promise<void>;
  field: (page: Page) => Locator;
  /** The keys that save, and the request that they send, where that is the same for all kinds of trouble. */
  save?: string;
  sends?: { method: string; path: RegExp };
}

const panel = (page: Page) => page.getByRole('complementary');

const description = (page: Page) => panel(page).locator('.cm-content[aria-label="Description"]');

const edited = (page: Page) => panel(page).locator('[aria-label="Edit comment"]').last();

const isShown = (field: Locator) => field.isVisible();

const EDITORS: readonly Editor[] = [
  {
    name: 'quick line',
    address: 'board',
    open: (page) => page.getByRole('button', { name: 'Add a task to To do' }).first().click(),
    field: (page) => page.getByLabel('Title of a new task in To do'),
    save: 'Enter',
    sends: { method: 'POST', path: /\/tasks$/ },
  },
  {
    name: 'new task',
    address: 'board',
    open: (page) => page.keyboard.press('c'),
    field: (page) => page.getByRole('dialog').getByLabel('Title', { exact: true }),
    save: 'Enter',
    sends: { method: 'POST', path: /\/tasks$/ },
  },
  {
    name: 'comment',
    address: 'board?task=1',
    open: () => Promise.resolve(),
    field: (page) => panel(page).locator('[aria-label="Write a comment"]').last(),
    save: 'Control+Enter',
    sends: { method: 'POST', path: /\/comments$/ },
  },
  {
    name: 'edit of a comment',
    address: 'board?task=1',
    open: async (page) => {
      const more = panel(page).getByRole('button', { name: 'Actions for the comment by Ann' });
      await expect(more).toBeVisible();
      // With a draft the editor is open by itself after a reload.
      if (await edited(page).isVisible()) return;
      await more.click();
      await page.getByRole('menuitem', { name: 'Edit' }).press('Enter');
    },
    field: (page) => edited(page),
    save: 'Control+Enter',
    sends: { method: 'PATCH', path: /\/comments\/[^/]+$/ },
  },
  {
    name: 'description of a new task',
    address: 'board',
    open: async (page) => {
      await page.keyboard.press('c');
      const title = page.getByRole('dialog').getByLabel('Title', { exact: true });
      if ((await title.inputValue()) === '') await title.fill('New one');
    },
    field: (page) => page.getByRole('dialog').locator('[aria-label="Description"]').last(),
    save: 'Control+Enter',
    sends: { method: 'POST', path: /\/tasks$/ },
  },
  {
    name: 'description',
    address: 'board?task=1',
    // With a draft the editor is open by itself.
    open: async (page) => {
      const edit = panel(page).getByRole('button', { name: 'Edit', exact: true }).first();
      await expect(edit.or(description(page)).first()).toBeVisible();
      if (!(await description(page).isVisible())) await edit.click();
    },
    field: (page) => description(page),
  },
  {
    name: 'account name',
    address: '/account',
    open: () => Promise.resolve(),
    field: (page) => page.getByLabel('Your name'),
    save: 'Enter',
    sends: { method: 'PATCH', path: /\/api\/v1\/me$/ },
  },
  {
    name: 'new label',
    address: '/labels',
    open: () => Promise.resolve(),
    field: (page) => page.getByLabel('New label'),
  },
  {
    name: 'label name',
    address: '/labels',
    open: () => Promise.resolve(),
    field: (page) => page.getByLabel('Name of label Bug'),
  },
  {
    name: 'invitation',
    address: '/invitations',
    open: () => Promise.resolve(),
    field: (page) => page.getByLabel('Email address'),
  },
  {
    name: 'title',
    address: 'board?task=1',
    open: () => Promise.resolve(),
    field: (page) => panel(page).getByRole('textbox', { name: 'Title' }),
    save: 'Enter',
    sends: { method: 'PATCH', path: /\/tasks\/[^/]+$/ },
  },
];

async function text(field: Locator): Promise<string> {
  return field.evaluate((element) => ('value' in element ? String(element.value) : element.textContent));
}

async function setUp(context: BrowserContext, world: World): Promise<{ ann: Person; team: string }> {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'The task', description: 'Before' });
  await world.call('POST', `teams/${team}/tasks/1/comments`, ann.token, { body: 'Said' });
  await world.label(team, ann, 'Bug');
  await enter(context, ann);
  return { ann, team };
}

function addressOf({ address }: Editor, team: string): string {
  if (address === '/labels' || address === '/invitations') return `/t/${team}/settings${address}`;
  return address.startsWith('/') ? address : `/t/${team}/${address}`;
}

async function show(page: Page, editor: Editor): Promise<Locator> {
  const field = editor.field(page);
  await expect(page.getByTestId('live')).toHaveText('Live');
  if (!(await isShown(field))) await editor.open(page);
  await expect(field).toBeVisible();
  return field;
}

async function write(field: Locator, words: string): Promise<void> {
  await field.focus();
  await field.fill(words);
  await expect.poll(() => text(field)).toContain(words);
}

for (const editor of EDITORS) {
  test(`${editor.name}: a reload and the end of the session lose nothing`, async ({ page, context, world, watched }) => {
    watched.expectFailures();
    const { ann, team } = await setUp(context, world);
    await page.goto(addressOf(editor, team));
    await write(await show(page, editor), 'Half a thought');

    await page.reload();
    await expect.poll(async () => text(await show(page, editor))).toContain('Half a thought');

    await context.clearCookies();
    await page.reload();
    await page.getByLabel('Email').fill(ann.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect.poll(async () => text(await show(page, editor))).toContain('Half a thought');
  });
}

const named = (...names: string[]) => EDITORS.filter(({ name }) => names.includes(name));

// Escape in the title brings back what is saved, and a click beside saves it: see panel-texts.spec.ts.
for (const editor of named('quick line', 'new task', 'comment', 'edit of a comment', 'description of a new task', 'account name')) {
  test(`${editor.name}: Escape, a click beside and another page lose nothing`, async ({ page, context, world }) => {
    const { team } = await setUp(context, world);
    await page.goto(addressOf(editor, team));
    await write(await show(page, editor), 'Half a thought');
    await page.keyboard.press('Escape');
    if (editor.address.includes('task=1') && !(await isShown(panel(page)))) await card(page, 'The task').getByRole('link').click();
    await expect.poll(async () => text(await show(page, editor))).toContain('Half a thought');
    await page.mouse.click(1000, 800);
    await page.goto('/account');
    await page.goto(addressOf(editor, team));
    await expect.poll(async () => text(await show(page, editor))).toContain('Half a thought');
  });
}

for (const editor of EDITORS) {
  const { save, sends } = editor;
  if (save === undefined || sends === undefined) continue;

  test(`${editor.name}: what is refused is given back`, async ({ page, context, world, watched }) => {
    watched.expectFailures();
    const { team } = await setUp(context, world);
    await page.goto(addressOf(editor, team));
    const field = await show(page, editor);
    await page.route(sends.path, (route) =>
      route.request().method() === sends.method
        ? route.fulfill(refusal(403, 'forbidden'))
        : route.fallback(),
    );
    await write(field, 'Not allowed');
    await page.keyboard.press(save);
    await expect(page.getByText(/Your role doesn’t allow this\./).first()).toBeVisible();
    await expect.poll(async () => text(await show(page, editor))).toContain('Not allowed');
  });

  test(`${editor.name}: offline it waits, or stays and says so`, async ({ page, context, world, watched }) => {
    watched.expectFailures();
    const { team } = await setUp(context, world);
    await page.goto(addressOf(editor, team));
    const field = await show(page, editor);
    await write(field, 'Written offline');
    await context.setOffline(true);
    await page.keyboard.press(save);
    const saved = page.waitForResponse(
      (response) => response.request().method() === sends.method && sends.path.test(new URL(response.url()).pathname),
    );
    if (editor.name === 'account name') {
      await expect(field).toHaveAccessibleDescription(/offline/);
      await expect(field).toHaveValue('Written offline');
      await context.setOffline(false);
      await field.press(save);
    } else {
      await expect(page.getByLabel('Messages')).toContainText('1 change is waiting.');
      await context.setOffline(false);
    }
    const answer = await saved;
    expect(answer.ok()).toBe(true);
    expect(await answer.text()).toContain('Written offline');
  });

  test(`${editor.name}: signing out erases it after a question`, async ({ page, context, world }) => {
    const { team } = await setUp(context, world);
    await page.goto(addressOf(editor, team));
    // Leaving the title would save it.
    if (editor.name === 'title') await page.route(sends.path, () => undefined);
    await write(await show(page, editor), 'Half a thought');
    if (editor.name === 'description of a new task') await page.keyboard.press('Escape'); // Only leaves the text.
    if (editor.address === 'board') await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Account of Ann' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Half a thought');
    await dialog.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to TaskHub' })).toBeVisible();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.draft.')))).toEqual([]);
  });
}

for (const gone of ['task', 'comment'] as const) {
  test(`a ${gone} that somebody deletes leaves the edit of a comment`, async ({ page, context, world, watched }) => {
    watched.expectFailures();
    const { ann, team } = await setUp(context, world);
    const [editor] = named('edit of a comment');
    if (editor === undefined) throw new Error('no editor');
    await page.goto(addressOf(editor, team));
    await write(await show(page, editor), 'Too late');
    const comment = (await world.call('GET', `teams/${team}/tasks/1/comments`, ann.token)).items[0]?.id;
    await world.call('DELETE', `teams/${team}/tasks/1${gone === 'task' ? '' : `/comments/${comment}`}`, ann.token);
    await expect(page.getByRole('region', { name: 'Your unsaved text' })).toContainText('Too late');
  });
}

test('a task that somebody deletes leaves what was written on it', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const { ann, team } = await setUp(context, world);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  await write(panel(page).locator('[aria-label="Write a comment"]').last(), 'Too late');
  await world.call('DELETE', `teams/${team}/tasks/1`, ann.token);
  await expect(card(page, 'The task')).toHaveCount(0);
  await expect(page.getByText('Too late')).toBeVisible();
});

test('a comment that was changed in another tab is shown beside the edit, and not overwritten', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const { ann, team } = await setUp(context, world);
  const id = (await world.call('GET', `teams/${team}/tasks/1/comments`, ann.token)).items[0]?.id;
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  await panel(page).getByRole('button', { name: 'Actions for the comment by Ann' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).press('Enter');
  await write(panel(page).locator('[aria-label="Edit comment"]').last(), 'Mine');
  await world.call('PATCH', `teams/${team}/tasks/1/comments/${id}`, ann.token, { body: 'Theirs' });
  await page.keyboard.press('Control+Enter');
  await expect(panel(page).getByText('Theirs', { exact: true })).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Keep mine' })).toBeVisible();
  const body = async () => (await world.call('GET', `teams/${team}/tasks/1/comments`, ann.token)).items[0]?.body;
  expect(await body()).toBe('Theirs');
  await panel(page).getByRole('button', { name: 'Keep mine' }).click();
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect.poll(body).toBe('Mine');
});
