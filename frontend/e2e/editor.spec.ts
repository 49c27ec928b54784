import type { Page } from '@playwright/test';
import { enter, expect, live, test, type World } from './world.ts';

const EDITOR = '[data-editor] .cm-content';

async function openTask(page: Page, context: Parameters<typeof enter>[0], world: World, fields: Record<string, unknown> = {}) {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  const { id } = await world.task(team, ann, { title: 'Text', ...fields });
  await enter(context, ann);
  await page.goto(`/t/${team}/board?task=1`);
  await live(page);
  return { ann, team, id, panel: page.getByRole('complementary') };
}

/** The editor of the description, loaded. */
async function writing(page: Page) {
  await page.getByRole('complementary').getByRole('button', { name: /^(Edit|Add a description…)$/ }).first().click();
  const text = page.locator(`section[aria-label=Description] ${EDITOR}`);
  await expect(text).toBeFocused();
  return text;
}

test('the editor is styled under the policy, and lists continue', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const text = await writing(page);
  expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBeGreaterThan(0);
  await expect(page.locator('.cm-editor').first()).toHaveCSS('display', 'flex');
  await expect(page.locator('style')).toHaveCount(0);
  await expect(text).toHaveAttribute('spellcheck', 'true');
  await expect(text).toHaveAccessibleName('Description');
  await page.keyboard.type('- [ ] one\ntwo\n\nend **bold');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('checkbox')).toHaveCount(2);
  await expect(panel.getByRole('checkbox', { name: 'two' })).toBeVisible();
});

test('Enter twice leaves a list of one item, and Ctrl+Shift+Z is Redo on Windows too', async ({ page, context, world }) => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'platform', { get: () => 'Win32' }));
  await openTask(page, context, world);
  const text = await writing(page);
  const lines = text.locator('.cm-line');
  await page.keyboard.type('- item\n\nafter\n> q\n\nend');
  await expect(lines).toHaveText(['- item', 'after', '> q', 'end']);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type('word');
  await page.keyboard.press('Control+z');
  await expect(text).not.toContainText('word');
  await page.keyboard.press('Control+Shift+Z');
  await expect(lines).toHaveText(['word']);
});

test('the tools and keys write Markdown', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const text = await writing(page);
  await page.keyboard.type('word');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+b');
  await expect(text).toHaveText('**word**');
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+i');
  await expect(text).toHaveText('_word_');
  await page.keyboard.press('Control+z');
  await panel.getByRole('button', { name: 'Quote' }).first().click();
  await panel.getByRole('button', { name: 'Check list' }).first().click();
  await expect(text).toBeFocused();
  await expect(text).toHaveText('- [ ] > word');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(text).toContainText('](https://)');
});

test('an address pasted over a selection becomes a link, and a picture is refused with a word', async ({ page, context, world }) => {
  await openTask(page, context, world);
  const text = await writing(page);
  await page.keyboard.type('here');
  await page.keyboard.press('Control+a');
  const paste = (type: string, value: string) =>
    text.evaluate(
      (element, [kind, content]) => {
        const data = new DataTransfer();
        if (kind === 'file') data.items.add(new File([content], 'a.png', { type: 'image/png' }));
        else data.setData(kind, content);
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      },
      [type, value] as const,
    );
  await paste('text/plain', 'https://example.org/a');
  await expect(text).toHaveText('[here](https://example.org/a)');
  await paste('file', 'x');
  await expect(page.getByText('Images and files can’t be added: paste a link instead.')).toBeVisible();
  await expect(text).toHaveText('[here](https://example.org/a)');
});

test('preview and back keep the text, the place, the undo and the height', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const text = await writing(page);
  await page.keyboard.type('first line\nsecond line');
  await page.keyboard.press('ArrowUp');
  const before = await page.locator('section[aria-label=Description] [data-editor]').boundingBox();
  await panel.getByRole('button', { name: 'Preview' }).first().click();
  await expect(panel.getByRole('region', { name: 'Preview' })).toContainText('second line');
  const during = await page.locator('section[aria-label=Description] [data-editor]').boundingBox();
  expect(Math.abs((during?.height ?? 0) - (before?.height ?? 0))).toBeLessThan(3);
  await panel.getByRole('button', { name: 'Preview' }).first().click();
  await expect(text).toBeFocused();
  await page.keyboard.type('X');
  await expect(text).toHaveText('first lineXsecond line');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(text).not.toContainText('X');
});

test('nothing is lost while the editor loads, with a slow processor', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const client = await context.newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const typed = 'Every single letter of this sentence must arrive, in its order, whatever takes it. ';
  await panel.getByRole('button', { name: 'Add a description…' }).click();
  await page.keyboard.type(typed);
  const text = page.locator(`section[aria-label=Description] ${EDITOR}`);
  await expect(text).toHaveText(typed);
  await page.keyboard.press('Control+Enter');
  await expect(panel.locator('p').filter({ hasText: 'Every single letter' })).toHaveText(typed.trim());
});

test('the editor takes the place of the plain field at once: a field about to go gets no focus', async ({ page, context, world }) => {
  await context.addInitScript(() => {
    const seen: boolean[] = [];
    Object.assign(window, { seen });
    new MutationObserver((changes) => {
      const editors = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element && node.matches('.cm-editor'));
      for (const editor of editors) seen.push(editor.parentElement?.parentElement?.querySelector('textarea') === null);
    }).observe(document, { childList: true, subtree: true });
  });
  await openTask(page, context, world);
  await expect(page.locator(EDITOR)).toHaveCount(1);
  expect(await page.evaluate(() => (window as unknown as { seen: boolean[] }).seen)).toEqual([true]);
});

test('without the editor’s code, the plain field does it', async ({ page, context, world, watched }) => {
  watched.expectFailures();
  await page.route('**/codemirror-*.js', (route) => route.abort());
  const { panel } = await openTask(page, context, world);
  await panel.getByRole('button', { name: 'Add a description…' }).click();
  await expect(panel.locator('section[aria-label=Description] textarea')).toBeFocused();
  await page.keyboard.type('Plain words');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByText('Plain words')).toBeVisible();
});

test('Tab leaves the editor, Escape keeps a draft, a click beside keeps it, a reload keeps it', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world, { description: 'Saved words' });
  await writing(page);
  await page.keyboard.type(' and a draft');
  await page.keyboard.press('Tab');
  await expect(page.locator(`section[aria-label=Description] ${EDITOR}`)).not.toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Escape');
  await expect(panel.getByText('You have an unsaved draft.')).toBeVisible();
  await expect(panel.getByText('Saved words', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await page.goBack();
  await page.goForward();
  await page.locator('[data-task]').first().getByRole('link').click();
  const text = page.locator(`section[aria-label=Description] ${EDITOR}`);
  await expect(text).toHaveText('Saved words and a draft');
  await page.reload();
  await expect(text).toHaveText('Saved words and a draft');
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByText('Saved words', { exact: true })).toBeVisible();
  await page.reload();
  await expect(panel.getByText('Saved words', { exact: true })).toBeVisible();
});

test('an input method keeps its keys', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const text = await writing(page);
  const client = await context.newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', windowsVirtualKeyCode: 229, code: 'Escape' });
  await expect(text).toBeFocused();
  await client.send('Input.insertText', { text: '日本' });
  await expect(text).toHaveText('日本');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByText('日本')).toBeVisible();
});

test('Tab indents in a list, and letters never run as shortcuts in an editor', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const comment = page.locator(EDITOR).last();
  await comment.click();
  await page.keyboard.type('- one');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('item');
  await expect(comment).toHaveText('- one  - item');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('!');
  await expect(comment).toHaveText('- one- item!');
  // From Preview, whose button has the focus: "i" would assign the task, "e" open its description.
  await panel.getByRole('button', { name: 'Preview' }).click();
  await expect(panel.getByRole('button', { name: 'Preview' })).toBeFocused();
  await page.keyboard.type('ie');
  await expect(page.locator(EDITOR)).toHaveCount(1);
  await expect(panel.getByRole('button', { name: 'Assign someone' })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('article')).toContainText('item!');
  await expect(comment).toBeFocused();
  await page.keyboard.type('the next');
  await expect(comment).toHaveText('the next');
  // The way out of a list (WCAG 2.1.2).
  await expect(comment).toHaveAccessibleDescription(/press Esc, then Tab/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(comment).not.toBeFocused();
});

test('in a new task, Escape leaves the description, and the next one closes', async ({ page, context, world }) => {
  const ann = await world.person('Ann');
  const team = await world.team(ann);
  await enter(context, ann);
  await page.goto(`/t/${team}/board`);
  await live(page);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.locator('.cm-content').click();
  await page.keyboard.type('- one');
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'To do' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a text that is too long says by how much, and isn’t sent', async ({ page, context, world }) => {
  const { panel, ann, team } = await openTask(page, context, world);
  const text = panel.getByRole('textbox', { name: 'Write a comment' });
  await text.focus();
  await expect(page.locator(EDITOR)).toBeFocused();
  await page.keyboard.insertText('a'.repeat(32_000));
  await expect(panel.getByText('32,000 of 32,768 characters')).toBeVisible();
  await page.keyboard.insertText('a'.repeat(1_000));
  await expect(panel.getByRole('alert')).toHaveText('232 characters too many. Shorten the text to save it.');
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.keyboard.press('Control+Enter');
  await panel.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.locator(EDITOR).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('b'.repeat(32_768));
  await expect(panel.getByText('32,768 of 32,768 characters')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await world.call('GET', `teams/${team}/tasks/1/comments`, ann.token)).items.length).toBe(1);
  expect(posts.filter((url) => url.endsWith('/comments'))).toHaveLength(1);
});

test('Undo in a title takes back what was typed at a stretch', async ({ page, context, world }) => {
  const { panel } = await openTask(page, context, world);
  const title = panel.getByRole('textbox', { name: 'Title' });
  await title.focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' and more words');
  await expect(title).toHaveValue('Text and more words');
  await page.keyboard.press('Control+z');
  await expect(title).toHaveValue('Text');
  await page.keyboard.type(' again');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-task]').filter({ hasText: 'Text again' })).toBeVisible();
  await expect(title).toHaveValue('Text again');
});
