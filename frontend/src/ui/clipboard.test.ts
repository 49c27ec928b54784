import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './clipboard.ts';

const execCommand = vi.fn<(command: string) => boolean>();
Object.assign(document, { execCommand });

afterEach(() => {
  vi.unstubAllGlobals();
  execCommand.mockReset();
});

function stubClipboard(clipboard: object | undefined) {
  vi.stubGlobal('navigator', { clipboard });
}

test('uses the clipboard API where there is one', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  stubClipboard({ writeText });
  expect(await copyText('a link')).toBe(true);
  expect(writeText).toHaveBeenCalledWith('a link');
  expect(execCommand).not.toHaveBeenCalled();
});

test('without it copies a selection, and gives the focus back', async () => {
  stubClipboard(undefined);
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  let selected = '';
  execCommand.mockImplementation(() => {
    selected = (document.activeElement as HTMLTextAreaElement).value;
    return true;
  });
  expect(await copyText('a link')).toBe(true);
  expect(selected).toBe('a link');
  expect(document.activeElement).toBe(button);
  expect(document.querySelector('textarea')).toBeNull();
});

test('says when neither works', async () => {
  stubClipboard({ writeText: () => Promise.reject(new Error('refused')) });
  execCommand.mockReturnValue(false);
  expect(await copyText('a link')).toBe(false);
});
