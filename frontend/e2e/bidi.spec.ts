/** What people write from right to left keeps its direction, and turns no word of the page's around it. */
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { card, enter, expect, live, test, type Person, type World } from './world.ts';

const LABEL = 'דחוף!';
const TITLE = 'לתקן את הכניסה, שוב!';

async function hebrewTeam(world: World): Promise<{ ann: Person; team: string }> {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  await world.call('PATCH', 'me', ann.token, { name: 'דנה (כהן)' });
  await world.call('PATCH', 'me', bob.token, { name: 'أمين، الأول!' });
  const team = `rtl${randomBytes(4).readUInt32BE().toString(36).slice(-4)}`;
  await world.call('POST', 'teams', ann.token, { name: 'צוות (תפעול)', key: team });
  const { token } = await world.call('POST', `teams/${team}/invitations`, ann.token, { email: bob.email, role: 'member' });
  await world.call('POST', 'invitations/accept', bob.token, { token });
  const labels = [await world.label(team, ann, LABEL), await world.label(team, ann, 'خلل، كبير', '#d9534f')];
  const task = await world.task(team, bob, { title: TITLE, description: 'שלום, עולם!', labels, assignees: [ann.id, bob.id] });
  await world.task(team, bob, { title: 'إصلاح الدخول!', labels: labels.slice(0, 1), assignees: [bob.id], status: 'in_progress' });
  const path = `teams/${team}/tasks/${task.id}`;
  await world.call('POST', `${path}/comments`, bob.token, { body: 'מה שלומך?' });
  await world.call('PATCH', path, bob.token, { title: `${TITLE}!`, labels: [], assignees: [] });
  await world.call('PATCH', path, bob.token, { title: TITLE, labels, assignees: [ann.id, bob.id] });
  return { ann, team };
}

/**
 * Texts in which a right-to-left word stands among the page's own words without being isolated. Everything that people
 * wrote here has no Latin letter, so Latin letters in the same run are the page's.
 */
async function unisolated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const rightToLeft = /[\u0590-\u08ff]/;
    const bare = (text: string) => text.replace(/\u2068[^\u2069]*\u2069/g, '');
    const isMixed = (text: string) => rightToLeft.test(bare(text)) && /[A-Za-z]/.test(bare(text));
    const found = new Set<string>();
    if (isMixed(document.title)) found.add(`title: ${document.title}`);
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) {
        const text = element.getAttribute(name) ?? '';
        if (isMixed(text)) found.add(`${name}: ${text}`);
      }
      if (element.matches('input, textarea')) {
        const { value, dir } = element as HTMLInputElement;
        if (rightToLeft.test(value) && dir !== 'auto') found.add(`field without a direction: ${value}`);
      }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      if (!rightToLeft.test(bare(node.textContent ?? ''))) continue;
      const own = node.parentElement?.closest('[dir=auto], bdi');
      if (own === null || own === undefined) found.add(`without a direction: ${node.textContent}`);
      else if (own.matches('div:not([class*=plain]), section, ul, ol, article')) continue;
      else if (/[A-Za-z]/.test(own.textContent)) found.add(`among other words: ${own.textContent}`);
    }
    return [...found];
  });
}

test('names, titles and labels from right to left are isolated wherever they stand', async ({ page, context, world }) => {
  const { ann, team } = await hebrewTeam(world);
  await enter(context, ann);
  const found: string[] = [];
  const look = async (where: string) => {
    found.push(...(await unisolated(page)).map((what) => `${where}: ${what}`));
  };
  await page.goto(`/t/${team}/board`);
  await expect(card(page, TITLE)).toBeVisible();
  await live(page);
  await look('board');

  await card(page, TITLE).getByRole('link').click();
  await expect(page.getByRole('article').getByText('מה שלומך')).toBeVisible();
  await look('task');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText('created the task')).toBeVisible();
  await look('history');
  await page.getByRole('button', { name: 'Delete task' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('deleting a task');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  for (const property of ['labels', 'assignees']) {
    await page.locator(`[data-property=${property}]`).click();
    await expect(page.getByRole('option').first()).toBeVisible();
    await look(property);
    await page.keyboard.press('Escape');
  }

  await card(page, TITLE).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Assignees' }).click();
  await expect(page.getByRole('menuitemcheckbox').first()).toBeVisible();
  await look('menu');
  await page.goto(`/t/${team}/list?assignee=${ann.id}&q=${encodeURIComponent('לתקן')}`);
  await expect(card(page, TITLE)).toBeVisible();
  await look('list');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Type a command/ }).fill('אין דבר');
  await expect(page.getByText('Nothing found for')).toBeVisible();
  await look('palette, nothing found');
  await page.getByRole('combobox', { name: /^Type a command/ }).fill('לתקן');
  await expect(page.getByRole('option', { name: TITLE })).toBeVisible();
  await look('palette');

  await page.goto('/inbox');
  await expect(page.getByRole('link', { name: TITLE })).toBeVisible();
  await look('inbox');
  await page.goto(`/t/${team}/dashboard`);
  await expect(page.locator('canvas')).toBeVisible();
  await look('dashboard');
  await page.goto(`/t/${team}/settings/members`);
  await expect(page.getByRole('heading', { name: '2 members' })).toBeVisible();
  await look('members');
  await page.getByRole('button', { name: /^Actions for .*أمين/ }).click();
  await page.getByRole('menuitem', { name: 'Remove from team…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('removing a member');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText(/removed from/)).toBeVisible();
  await look('member removed');
  await page.goto(`/t/${team}/settings/labels`);
  await page.getByLabel(/^Name of label .*דחוף/).fill('דחוף מאוד');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/renamed to/)).toBeVisible();
  await look('labels');
  await page.goto(`/t/${team}/settings/team`);
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await look('team');
  expect(found).toEqual([]);
});

const MIXED = [
  '# כותרת!',
  'An English paragraph, with עברית in it!',
  'פסקה בעברית, with English in it!',
  '- English entry!\n- ערך בעברית!\n- [ ] לעשות את זה!\n- [ ] Do this!',
  '> ציטוט!\n\n> Quote!',
  '| טבלה! | Table! |\n|---|---|\n| تا! | Cell! |',
  '```\nlet עברית = 1;\n```',
].join('\n\n');

test('each block of a text has the direction of its own first letter', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Mixed', description: MIXED });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  const description = page.locator('section[aria-label=Description]');
  await expect(description.getByText('An English paragraph')).toBeVisible();
  /** At which side of its words each exclamation mark stands, which closes the block. */
  const sides = await description.evaluate((root) => {
    const found: Record<string, string> = {};
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const text = node.textContent ?? '';
      const end = text.trimEnd().length - 1;
      if (text[end] !== '!') continue;
      const range = document.createRange();
      const left = (from: number) => {
        range.setStart(node, from);
        range.setEnd(node, from + 1);
        return range.getBoundingClientRect().left;
      };
      found[text.trim()] = left(end) < left(text.length - text.trimStart().length) ? 'left' : 'right';
    }
    return found;
  });
  expect(sides).toEqual({
    'כותרת!': 'left',
    'An English paragraph, with עברית in it!': 'right',
    'פסקה בעברית, with English in it!': 'left',
    'English entry!': 'right',
    'ערך בעברית!': 'left',
    'לעשות את זה!': 'left',
    'Do this!': 'right',
    'ציטוט!': 'left',
    'Quote!': 'right',
    'טבלה!': 'left',
    'Table!': 'right',
    'تا!': 'left',
    'Cell!': 'right',
  });
});
