import { ask, enter, expect, test } from './world.ts';

test('a label is created, renamed, recoloured and deleted, and each is said', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  await page.getByLabel('New label').fill('Bug');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Label Bug created')).toBeVisible();
  const name = page.getByLabel('Name of label Bug');
  await expect(name).toHaveValue('Bug');

  await name.fill('Nothing to keep');
  await page.keyboard.press('Escape');
  await expect(name).toHaveValue('Bug');
  await name.fill('Defect');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Label Bug renamed to Defect')).toBeVisible();

  await page.getByRole('button', { name: 'Colour of Defect' }).click();
  await page.getByRole('menuitem', { name: 'Teal' }).click();
  await expect(page.getByText('Colour of Defect changed')).toBeVisible();

  await page.getByRole('button', { name: 'Delete label Defect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Label Defect deleted')).toBeVisible();
  await expect(page.getByLabel('Name of label Defect')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('No labels yet.')).toBeVisible();
});

test('a name that is taken is explained next to its field, and kept', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.label(team, ann, 'Bug');
  await world.label(team, ann, 'Docs');
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  await page.getByLabel('New label').fill('bug');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('New label')).toHaveAccessibleDescription(/already a label “Bug”/);
  await expect(page.getByLabel('New label')).toHaveValue('bug');
  const docs = page.getByLabel('Name of label Docs');
  await docs.fill('BUG');
  await page.keyboard.press('Enter');
  await expect(docs).toHaveAccessibleDescription(/already a label “Bug”/);
  await page.reload();
  await expect(docs).toHaveValue('BUG');
});

test('nothing is saved or restored while an input method composes', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.label(team, ann, 'Bug');
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  const name = page.getByLabel('Name of label Bug');
  await name.fill('');
  const session = await context.newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 });
  await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Escape', windowsVirtualKeyCode: 229 });
  await expect(name).toHaveValue('にほん');
  await session.send('Input.insertText', { text: '日本' });
  await expect(name).toHaveValue('日本');
  expect((await world.call('GET', `teams/${team}/labels`, ann.token)).items).toMatchObject([{ name: 'Bug' }]);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Label Bug renamed to 日本')).toBeVisible();
});

test('a colleague’s new name is shown beside one’s own, and not overwritten', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  const team = await world.team(ann, [[bob, 'member']]);
  const label = await world.label(team, ann, 'Bug');
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  await expect(page.getByTestId('live')).toHaveText('Live');
  const field = page.getByRole('textbox', { name: /^Name of label/ });
  await field.fill('Mine');
  await world.call('PATCH', `teams/${team}/labels/${label}`, bob.token, { name: 'Theirs' });
  await expect(page.getByRole('alert')).toContainText('renamed Bug to Theirs');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('Mine');
  expect((await world.call('GET', `teams/${team}/labels`, ann.token)).items).toMatchObject([{ name: 'Theirs' }]);
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await field.press('Enter');
  await expect(page.getByText('Label Theirs renamed to Mine')).toBeVisible();
});

test('a label whose answer is lost is created once', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/settings/labels`);
  let lost = 0;
  await page.route(`**/teams/${team}/labels`, async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await ask(route);
    return route.abort();
  });
  await page.getByLabel('New label').fill('Once');
  await page.keyboard.press('Enter');
  await expect.poll(() => lost).toBeGreaterThan(0);
  await expect.poll(async () => (await world.call('GET', `teams/${team}/labels`, ann.token)).items.length).toBe(1);
  await expect(page.getByLabel('Name of label Once')).toBeVisible();
});

test('a viewer sees labels and is offered nothing', async ({ page, context, world }) => {
  const [ann, vera] = [await world.person('Ann'), await world.person('Vera')];
  const team = await world.team(ann, [[vera, 'viewer']]);
  await world.label(team, ann, 'Bug');
  await enter(context, vera);
  await page.goto(`/t/${team}/settings/labels`);
  await expect(page.getByText('Bug', { exact: true })).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByLabel('New label')).toHaveCount(0);
});
