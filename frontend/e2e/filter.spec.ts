import type { Page } from '@playwright/test';
import { enter, expect, live, test, type Person, type World } from './world.ts';

const WORDS = 'every word of this sentence is typed without a pause and none of them may vanish'.split(' ').slice(0, 15);

function field(page: Page) {
  return page.getByRole('combobox', { name: 'Filter' });
}

function rows(page: Page) {
  return page.locator('[data-task]');
}

async function manyTasks(world: World, team: string, by: Person, count: number): Promise<void> {
  const left = Array.from({ length: count }, (_, n) => n);
  const one = async () => {
    for (let n = left.pop(); n !== undefined; n = left.pop()) {
      const title = n % 50 === 0 ? `Row ${n} with every word of this sentence` : `Row ${n}`;
      await world.task(team, by, { title, status: n % 2 ? 'pending' : 'in_progress' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

test('typing drops no letter with many tasks on a slow processor', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await manyTasks(world, team, ann, 1_000);
  await enter(context, ann);
  const cdp = await context.newCDPSession(page);
  for (const view of ['board', 'list']) {
    await page.goto(`/t/${team}/${view}`);
    await live(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await field(page).focus();
    const text = WORDS.join(' ');
    await page.keyboard.type(text);
    await expect(field(page)).toHaveValue(text);
    await expect(page).toHaveURL(new RegExp(`q=${text.replaceAll(' ', '\\+')}$`));
    // Once the address has followed, too.
    await expect(field(page)).toHaveValue(text);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('every sentence');
    await expect(field(page)).toHaveValue('every sentence');
    await expect(rows(page).first()).toContainText('every word');
    for (let n = 0; n < 'sentence'.length; n++) await page.keyboard.press('Backspace');
    await page.keyboard.type('of');
    await expect(field(page)).toHaveValue('every of');
    await expect(page).toHaveURL(/q=every\+of$/);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  }
});

test('the filter lives in the address: reload, view, Back', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Überprüfung der Anlage' });
  await world.task(team, ann, { title: 'Something else', status: 'blocked' });
  await enter(context, ann);
  await page.goto(`/t/${team}/dashboard`);
  await live(page);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await expect(rows(page)).toHaveCount(2);

  await test.step('words in any order, without accents', async () => {
    await field(page).fill('anlage uberpruf');
    await expect(rows(page)).toHaveText([/Überprüfung/]);
    await expect(page.getByRole('status').filter({ hasText: /^1 task$/ })).toBeVisible();
    await expect(page).toHaveURL(/q=anlage\+uberpruf$/);
  });

  await test.step('it stays after a reload and in the other view', async () => {
    await page.reload();
    await expect(field(page)).toHaveValue('anlage uberpruf');
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole('link', { name: 'List', exact: true }).click();
    await expect(field(page)).toHaveValue('anlage uberpruf');
    await expect(rows(page)).toHaveText([/Überprüfung/]);
  });

  await test.step('Back never steps through letters', async () => {
    await field(page).fill('');
    await page.keyboard.type('else');
    await expect(page).toHaveURL(/list\?q=else$/);
    await page.goBack();
    await expect(page).toHaveURL(/board\?q=anlage\+uberpruf$/);
    await expect(field(page)).toHaveValue('anlage uberpruf');
    await expect(rows(page)).toHaveText([/Überprüfung/]);
    await page.goBack();
    await expect(page).toHaveURL(/dashboard$/);
    await page.goForward();
    await expect(field(page)).toHaveValue('anlage uberpruf');
  });

  await test.step('a task opened while typing keeps the filter', async () => {
    await field(page).fill('something');
    await rows(page).filter({ hasText: 'Something else' }).getByRole('link').click();
    await expect(page.getByRole('complementary')).toBeVisible();
    await expect(page).toHaveURL(/task=2/);
    await expect(page).toHaveURL(/q=something/);
    await expect(field(page)).toHaveValue('something');
    await page.keyboard.press('Escape');
    await expect(rows(page)).toHaveCount(1);
  });

  await test.step('Escape clears the text', async () => {
    await field(page).focus();
    await page.keyboard.press('Escape');
    await expect(rows(page)).toHaveCount(2);
    await expect(page).toHaveURL(/board$/);
  });

  await test.step('another team has its own filter', async () => {
    await field(page).fill('else');
    const other = await world.team(ann);
    await page.goto(`/t/${other}/board`);
    await expect(field(page)).toHaveValue('');
  });
});

test('one control filters by everything, by keyboard', async ({ page, context, world }) => {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob Ångström')];
  const team = await world.team(ann, [[bob, 'member']]);
  const bug = await world.label(team, ann, 'Bug');
  const due = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  await world.task(team, ann, { title: 'Mine', assignees: [ann.id], priority: 'urgent', labels: [bug] });
  await world.task(team, ann, { title: 'His', assignees: [bob.id], status: 'blocked', due_at: due(-3) });
  await world.task(team, ann, { title: 'Loose', due_at: due(0) });
  await world.task(team, ann, { title: 'Finished', status: 'completed', due_at: due(-3) });
  await enter(context, ann);
  await page.goto(`/t/${team}/list`);
  await live(page);
  const shown = async (...titles: string[]) => {
    await expect(rows(page)).toHaveCount(titles.length);
    for (const title of titles) await expect(rows(page).filter({ hasText: title })).toHaveCount(1);
  };
  const chip = (name: string | RegExp) => page.getByRole('list', { name: 'Active filters' }).getByRole('listitem').filter({ hasText: name });
  const key = (name: string) => page.keyboard.press(name);
  await shown('Mine', 'His', 'Loose', 'Finished');

  await test.step('suggestions stand under headings', async () => {
    await key('/');
    await expect(field(page)).toBeFocused();
    await key('ArrowDown');
    for (const name of ['Status', 'Assignee', 'Label', 'Priority', 'Due date']) {
      await expect(page.getByRole('group', { name, exact: true })).toBeVisible();
    }
  });

  await test.step('me', async () => {
    await page.keyboard.type('me');
    await key('ArrowDown');
    await key('Enter');
    await expect(field(page)).toHaveValue('');
    await shown('Mine');
    await expect(chip('Assignee is Me')).toBeVisible();
    await expect(page).toHaveURL(/assignee=me$/);
  });

  await test.step('turned around: is not', async () => {
    await page.getByRole('button', { name: 'Assignee is Me: change to “is not”' }).click();
    await shown('His', 'Loose', 'Finished');
    await expect(page).toHaveURL(/not_assignee=me$/);
    await page.reload();
    await shown('His', 'Loose', 'Finished');
    await page.getByRole('button', { name: 'Remove filter: Assignee is not Me' }).click();
    await expect(field(page)).toBeFocused();
    await shown('Mine', 'His', 'Loose', 'Finished');
  });

  await test.step('a person, without accents, and nobody', async () => {
    await page.keyboard.type('bob ang');
    await key('ArrowDown');
    await key('Enter');
    await shown('His');
    await page.keyboard.type('unass');
    await key('ArrowDown');
    await key('Enter');
    await shown('His', 'Loose', 'Finished');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await shown('Mine', 'His', 'Loose', 'Finished');
  });

  await test.step('not, typed', async () => {
    await page.keyboard.type('not done');
    await page.getByRole('option', { name: 'not Done' }).click();
    await shown('Mine', 'His', 'Loose');
    await page.keyboard.type('not bug');
    await key('ArrowDown');
    await key('Enter');
    await shown('His', 'Loose');
    await expect(page.getByRole('status').filter({ hasText: /^2 tasks$/ })).toBeVisible();
    await page.getByRole('button', { name: 'Clear all' }).click();
  });

  await test.step('priority, label and due date', async () => {
    for (const [word, titles] of [['urgent', ['Mine']], ['bug', ['Mine']], ['overdue', ['His']], ['today', ['Loose']], ['no due', ['Mine']]] as const) {
      await field(page).fill(word);
      await key('ArrowDown');
      await key('Enter');
      await shown(...titles);
      await page.getByRole('button', { name: 'Clear all' }).click();
      await shown('Mine', 'His', 'Loose', 'Finished');
    }
  });

  await test.step('nothing matches: the way out is there', async () => {
    await field(page).fill('nothing like it');
    await expect(page.getByText('No matching tasks')).toBeVisible();
    await key('Escape');
    await shown('Mine', 'His', 'Loose', 'Finished');
  });
});

test('nothing is filtered by half a word of an input method', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  for (const title of ['日本語のタスク', 'Another']) await world.task(team, ann, { title });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await field(page).focus();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await expect(field(page)).toHaveValue('にほん');
  // Enter and Escape belong to the input method.
  for (const key of ['Enter', 'Escape', 'ArrowDown']) {
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, windowsVirtualKeyCode: 229 });
  }
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('にほん');
  await expect(rows(page)).toHaveCount(2);
  expect(new URL(page.url()).search).toBe('');
  await cdp.send('Input.insertText', { text: '日本' });
  await expect(field(page)).toHaveValue('日本');
  await expect(rows(page)).toHaveText([/日本語のタスク/]);
});

test('the filter is usable at every width, with long names', async ({ page, context, world }) => {
  const ann = await world.person('Wolfeschlegelsteinhausenbergerdorff');
  const team = await world.team(ann);
  const label = await world.label(team, ann, 'Donaudampfschifffahrtselektrizitätenhauptbetrieb'.slice(0, 40));
  await world.task(team, ann, { title: 'x'.repeat(200), labels: [label], assignees: [ann.id] });
  await enter(context, ann);
  await page.goto(`/t/${team}/list?assignee=${ann.id}&label=${label}&not_label=none&status=pending,blocked,in_progress`);
  await expect(rows(page)).toHaveCount(1);
  for (const [width, height] of [[320, 256], [320, 700], [390, 844], [768, 900], [1024, 800], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await field(page).click();
    await expect(page.getByRole('option', { name: 'To do' })).toBeVisible();
    const { inner, wide } = await page.evaluate(() => ({
      inner: document.documentElement.clientWidth,
      wide: [...document.querySelectorAll('main *')]
        .filter((element) => element.getClientRects().length > 0 && !element.closest('.visually-hidden'))
        // What is cut off with an ellipsis isn't seen.
        .filter((element) => getComputedStyle(element.parentElement ?? element).textOverflow !== 'ellipsis')
        .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
        .map((element) => element.outerHTML.slice(0, 120)),
    }));
    expect(inner).toBe(width);
    expect(wide).toEqual([]);
    const box = await page.getByRole('listbox', { name: 'Filter' }).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Escape');
  }
});

test('a search has 100 characters as the server counts them, and says so', async ({ page, context, world, watched }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const longest = '🧪'.repeat(100);
  await world.task(team, ann, { title: longest });
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await field(page).fill(`${longest}x`);
  await expect(field(page)).toHaveValue(longest);
  await expect(page.getByText('A search has at most 100 characters.')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await field(page).fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Type a command' }).fill(`${longest}x`);
  await expect(page.getByRole('combobox', { name: 'Type a command' })).toHaveValue(longest);
  await expect(page.getByRole('dialog')).toContainText('A search has at most 100 characters.');
  expect(watched.complaints).toEqual([]);
});

test('an address with what can’t be filtered by shows the tasks all the same', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await world.task(team, ann, { title: 'Shown' });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?label=zzz&status=foo&assignee=bar&not_label=1&due=never`);
  await live(page);
  await expect(rows(page)).toHaveText([/Shown/]);
  await expect(page.getByRole('button', { name: 'Clear all' })).toHaveCount(0);
});
