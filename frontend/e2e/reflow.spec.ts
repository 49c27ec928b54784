/** The page at 320 px, as on the smallest phone, and at 400 % zoom of 1280 × 1024 px (WCAG 1.4.10, 2.4.11). */
import type { Page } from '@playwright/test';
import { aBusyTeam } from './scenes.ts';
import { enter, expect, live, test } from './world.ts';

const SIZES = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

const SCREENS: Record<string, (page: Page, team: string) => Promise<void>> = {
  board: async (page, team) => {
    await page.goto(`/t/${team}/board`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
    await live(page);
  },
  filtered: async (page, team) => {
    await page.goto(`/t/${team}/board?status=pending,in_progress,blocked&priority=high,medium,urgent`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
  },
  list: async (page, team) => {
    await page.goto(`/t/${team}/list`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
    await live(page);
  },
  task: async (page, team) => {
    await page.goto(`/t/${team}/board?task=12`);
    await expect(page.getByRole('article').getByText('Friday is fine.')).toBeVisible();
    await live(page);
  },
  writing: async (page, team) => {
    await page.goto(`/t/${team}/board?task=12`);
    await page.getByRole('complementary').getByRole('button', { name: 'Edit', exact: true }).first().click();
    await expect(page.locator('section[aria-label=Description] .cm-content')).toBeFocused();
  },
  history: async (page, team) => {
    await page.goto(`/t/${team}/board?task=12`);
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(page.getByText('created the task')).toBeVisible();
  },
  selection: async (page, team) => {
    await page.goto(`/t/${team}/list`);
    await expect(page.locator('[data-task]').first()).toBeVisible();
    await live(page);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect(page.getByRole('region', { name: 'Selected tasks' })).toBeVisible();
  },
  'new task': async (page, team) => {
    await page.goto(`/t/${team}/board`);
    await live(page);
    await page.keyboard.press('c');
    await expect(page.getByRole('dialog').locator('.cm-content')).toBeVisible();
  },
  inbox: async (page) => {
    await page.goto('/inbox');
    await expect(page.getByRole('link', { name: /price list/ })).toBeVisible();
  },
  members: async (page, team) => {
    await page.goto(`/t/${team}/settings/members`);
    await expect(page.getByRole('heading', { name: '3 members' })).toBeVisible();
  },
  labels: async (page, team) => {
    await page.goto(`/t/${team}/settings/labels`);
    await expect(page.getByLabel('Name of label Bug')).toBeVisible();
  },
  sessions: async (page) => {
    await page.goto('/account/sessions');
    await expect(page.getByText('This device', { exact: true })).toBeVisible();
  },
  dashboard: async (page, team) => {
    await page.goto(`/t/${team}/dashboard`);
    await expect(page.locator('canvas')).toBeVisible();
  },
};

/** What can't be seen or reached: controls cut at a side or covered by others, and what scrolls sideways. */
async function faults(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found = new Set<string>();
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} “${element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40)}” ${element.getAttribute('class') ?? ''}`;
    const boardOf = (element: Element) => element.closest('[class*="_board_"]');
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const over = element.scrollWidth - element.clientWidth;
      const { overflowX } = getComputedStyle(element);
      const isScroller = over > 1 && ['auto', 'scroll'].includes(overflowX) && isShown(element);
      if (isScroller && boardOf(element) !== element) found.add(`scrolls sideways by ${over}: ${nameOf(element)}`);
    }
    const root = document.querySelector('[role=dialog]') ?? document.body;
    const controls = [...root.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [role=tab], [contenteditable=true], [tabindex="0"]')];
    // Forwards and back: what is at the top covers other controls than what is at the foot.
    for (const control of [...controls, ...controls.toReversed()]) {
      if (!isShown(control) || control.matches(':disabled') || control.closest('[inert], [aria-hidden=true]') !== null) continue;
      // Where the focus brings it, which is where a keyboard's user sees it.
      control.focus();
      await new Promise(requestAnimationFrame);
      if (!control.isConnected) continue;
      const box = control.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      if (box.left < -1 || box.right > innerWidth + 1) found.add(`cut at a side, ${Math.round(box.left)} to ${Math.round(box.right)}: ${nameOf(control)}`);
      const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
      const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
      const isOwn = (hit: Element | null) =>
        hit !== null && (control.contains(hit) || hit.closest('label')?.contains(control) === true);
      let seen = 0;
      const steps = [0.15, 0.5, 0.85];
      for (const x of steps) {
        for (const y of steps) {
          const hit = right > left && bottom > top ? document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y) : null;
          if (isOwn(hit)) seen += 1;
        }
      }
      if (seen === 0) found.add(`covered or off the screen at ${Math.round(box.top)}: ${nameOf(control)}`);
      else if (seen < 6 && box.height < innerHeight / 2) found.add(`covered in part (${seen} of 9) at ${Math.round(box.top)}: ${nameOf(control)}`);
    }
    return [...found];
  });
}

for (const size of SIZES) {
  test(`every screen is usable at ${size.width} × ${size.height}`, async ({ page, context, world }) => {
    const people = [await world.person('Ann Berg'), await world.person('Bob Stone'), await world.person('Cleo')] as const;
    const team = await aBusyTeam(world, ...people);
    await enter(context, people[0]);
    await page.setViewportSize(size);
    const found: string[] = [];
    for (const [name, open] of Object.entries(SCREENS)) {
      await open(page, team);
      found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
    }
    expect(found).toEqual([]);
  });
}
