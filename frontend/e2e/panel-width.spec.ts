import type { Page } from '@playwright/test';
import { enter, expect, live, test, type Person, type World } from './world.ts';

const WIDTHS = [320, 390, 768, 1024, 1440] as const;

const WORD = 'Donaudampfschifffahrtsgesellschaftskapitänspatent'.repeat(5);
const CODE = `const everything = { ${'aVeryLongName: anotherVeryLongName, '.repeat(30)}};`;
const URL = `https://example.org/${'path/'.repeat(60)}?${'parameter=value&'.repeat(20)}`;
const ROW = `|${'a long cell without end |'.repeat(14)}`;

const TEXT = [
  `${WORD} \`${CODE}\` ${URL} **${WORD}** <kbd>${WORD}</kbd>`,
  `# ${WORD}`,
  `\`\`\`${'language'.repeat(4)}\n${CODE}\n\`\`\``,
  `    ${CODE}`,
  `${ROW}\n|${'---|'.repeat(14)}\n${ROW}\n|${WORD}|`,
  `> > > > > > > ${WORD}\n\n${'> - '.repeat(12)}${WORD}`,
  `- [ ] ${WORD}\n  - [x] ${WORD}\n    1. ${URL}`,
  `![${WORD}](${URL}) [${WORD}](nowhere/${WORD}) [link](javascript:${WORD})`,
  `<config>\n    <${WORD} a="${URL}"/>\n</config>`,
  `<details open>\n<summary>${WORD}</summary>\n\n${CODE}\n</details>`,
  'א'.repeat(200),
  '漢'.repeat(200),
].join('\n\n');

/** A team in which every text is as long and as unbreakable as the API allows. */
async function wideTeam(world: World): Promise<{ ann: Person; team: string }> {
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  for (const person of [ann, bob]) await world.call('PATCH', 'me', person.token, { name: `${person.name} ${WORD}`.slice(0, 100) });
  const team = await world.team(ann, [[bob, 'member']], `Ops${WORD}`.slice(0, 60));
  const labels = [await world.label(team, ann, `One${WORD}`.slice(0, 50)), await world.label(team, ann, `Two${WORD}`.slice(0, 50), '#d9534f')];
  const fields = { assignees: [ann.id, bob.id], labels, description: TEXT, due_at: new Date().toISOString() };
  const task = await world.task(team, bob, { title: WORD, ...fields });
  await world.task(team, bob, { title: URL.slice(0, 255), status: 'in_progress', priority: 'urgent', ...fields });
  const path = `teams/${team}/tasks/${task.id}`;
  await world.call('POST', `${path}/comments`, bob.token, { body: TEXT });
  await world.call('POST', `${path}/comments`, ann.token, { body: TEXT });
  await world.call('PATCH', path, bob.token, { title: `New${WORD}`.slice(0, 255), labels: [], assignees: [] });
  await world.call('PATCH', path, bob.token, { labels, assignees: [ann.id, bob.id] });
  await world.call('POST', `teams/${team}/invitations`, ann.token, { email: `${'long'.repeat(15)}@${'long'.repeat(12)}.example.com`, role: 'member' });
  return { ann, team };
}

/** What is wider than the box that holds it. Code and tables scroll in boxes of their own, columns on the board. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element) =>
      element.matches('pre, [class*="tableBox"], [class*="_board_"], [class*="_columns_"], [class*="_tools_"], [class*="tooltip"], [data-scrolls-sideways]');
    const nameOf = (element: Element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}">`;
    const found: string[] = [];
    for (const element of document.querySelectorAll('body *')) {
      if (!(element instanceof HTMLElement) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { overflowX, textOverflow, clipPath, display, position } = getComputedStyle(element);
      if (element.closest('.visually-hidden, [cmdk-label]') !== null || clipPath !== 'none') continue;
      const within: Element[] = [];
      for (let up: Element | null = element.parentElement; up !== null; up = up.parentElement) within.push(up);
      const isScrolled = within.some(scrolls);
      const box = element.getBoundingClientRect();
      if (!isScrolled && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && position !== 'fixed') {
        const isCut = within.some((up) => ['hidden', 'clip'].includes(getComputedStyle(up).overflowX) && getComputedStyle(up).textOverflow === 'ellipsis');
        if (!isCut) found.push(`off the screen: ${nameOf(element)} ${Math.round(box.left)} to ${Math.round(box.right)}`);
      }
      const over = element.scrollWidth - element.clientWidth;
      if (over <= 1 || scrolls(element) || display.startsWith('inline') || element.clientWidth === 0) continue;
      if (overflowX === 'auto' || overflowX === 'scroll') found.push(`scrolls sideways by ${over}: ${nameOf(element)}`);
      else if (overflowX !== 'visible' && textOverflow !== 'ellipsis') {
        const isInput = ['INPUT', 'TEXTAREA'].includes(element.tagName);
        if (!isInput) found.push(`cut by ${over}: ${nameOf(element)}`);
      }
    }
    return [...new Set(found)];
  });
}

async function expectOnScreen(page: Page, name: string): Promise<void> {
  const button = page.getByRole('complementary').getByRole('button', { name, exact: true }).first();
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  expect(box?.x ?? -1, name).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? Infinity), name).toBeLessThanOrEqual(width);
}

const SCENES: Record<string, (page: Page, team: string) => Promise<void>> = {
  board: async (page, team) => {
    await page.goto(`/t/${team}/board`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
  },
  list: async (page, team) => {
    await page.goto(`/t/${team}/list`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
  },
  task: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await expect(page.getByRole('article')).toHaveCount(2);
    await live(page);
    await expectOnScreen(page, 'Edit');
    await expectOnScreen(page, 'Comment');
  },
  editor: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await page.getByRole('complementary').getByRole('button', { name: 'Edit', exact: true }).first().click();
    await expect(page.locator('section[aria-label=Description] .cm-content')).toBeFocused();
    await expectOnScreen(page, 'Save');
  },
  history: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(page.getByText('created the task')).toBeVisible();
  },
  dashboard: async (page, team) => {
    await page.goto(`/t/${team}/dashboard`);
    await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  },
  members: async (page, team) => {
    await page.goto(`/t/${team}/settings/members`);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  },
  invitations: async (page, team) => {
    await page.goto(`/t/${team}/settings/invitations`);
    await expect(page.getByText(/longlonglong/).first()).toBeVisible();
  },
  'labels of the team': async (page, team) => {
    await page.goto(`/t/${team}/settings/labels`);
    await expect(page.getByLabel(/^Name of label One/)).toBeVisible();
  },
  inbox: async (page) => {
    await page.goto('/inbox');
    await expect(page.getByRole('link', { name: /Donau/ }).first()).toBeVisible();
  },
  'new task': async (page, team) => {
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.keyboard.press('c');
    await page.getByRole('dialog').getByLabel('Title').fill(WORD);
    await page.getByRole('dialog').locator('.cm-content').fill(TEXT);
  },
  delete: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await page.getByRole('button', { name: 'Delete task' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  palette: async (page, team) => {
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Donau');
    await expect(page.getByRole('option', { name: /Donau/ }).first()).toBeVisible();
  },
  labels: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await page.locator('[data-property=labels]').click();
    await expect(page.getByRole('option').first()).toBeVisible();
  },
  assignees: async (page, team) => {
    await page.goto(`/t/${team}/board?task=1`);
    await page.locator('[data-property=assignees]').click();
    await expect(page.getByRole('option').first()).toBeVisible();
  },
  account: async (page) => {
    await page.goto('/account');
    await expect(page.getByLabel('Your name')).toBeVisible();
  },
};

test('no text makes anything wider, at any width', async ({ page, context, world }) => {
  test.setTimeout(480_000);
  const { ann, team } = await wideTeam(world);
  await enter(context, ann);
  const found: string[] = [];
  for (const [name, open] of Object.entries(SCENES)) {
    await page.setViewportSize({ width: WIDTHS[0], height: 800 });
    await open(page, team);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      // What follows the size by script is drawn with the next frame.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      found.push(...(await tooWide(page)).map((what) => `${width} ${name}: ${what}`));
    }
  }
  expect(found).toEqual([]);
});
