import { PATHOLOGICAL } from '../src/task/pathological.fixture.ts';
import { enter, expect, live, test } from './world.ts';

test('no text keeps a task from being opened and commented on', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const names = ['quotes and lists, 6 KB', 'underscores', 'pairs of brackets', 'links without an end', 'a table of 10,000 columns', 'letters'];
  for (const name of names) await world.task(team, ann, { title: name, description: PATHOLOGICAL[name] });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  for (const name of names) {
    await page.locator('[data-task]').filter({ hasText: name }).getByRole('link').click();
    await expect(page.getByLabel('Title', { exact: true })).toHaveValue(name);
    await page.getByRole('complementary').getByLabel('Write a comment').last().fill('Still works');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('article').filter({ hasText: 'Still works' }).first()).toBeVisible();
  }
});

test('Markdown as on GitHub, in the panel and under the policy', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Other' });
  const key = `${team.toUpperCase()}-1`;
  const description = [
    'Press <kbd>Ctrl</kbd>, H<sub>2</sub>O',
    '<details>\n<summary>More</summary>\n\nHidden **text**\n</details>',
    '```rust\nfn main() {}\n```',
    '<config>\n  <a/>\n</config>',
    `[mail](mailto:ann@example.com) [nothing](javascript:alert(1)) ${key}`,
    '![picture](https://example.org/x.png)',
    'שלום world',
  ].join('\n\n');
  await world.task(team, ann, { title: 'Text', description });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=2`);
  await live(page);
  const text = page.getByRole('complementary').getByRole('region', { name: 'Description' });
  await expect(text.locator('kbd')).toHaveText('Ctrl');
  await expect(text.getByText('Hidden text')).toBeHidden();
  await text.locator('summary').click();
  await expect(text.getByText('Hidden text')).toBeVisible();
  await expect(text.locator('code.language-rust')).toHaveText('fn main() {}\n');
  await expect(text.getByText('<config>')).toHaveText('<config>\n  <a/>\n</config>');
  await expect(text.getByRole('link', { name: 'mail' })).toHaveAttribute('href', 'mailto:ann@example.com');
  await expect(text.getByText('nothing (javascript:alert(1))')).toBeVisible();
  await expect(text.locator('img')).toHaveCount(0);
  await expect(text.getByText('(image, not shown)')).toBeVisible();
  expect(await text.getByText('שלום world').evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  await text.getByRole('link', { name: key }).click();
  await expect(page.getByRole('complementary')).toContainText('Other');
  expect(context.pages()).toHaveLength(1);
});
