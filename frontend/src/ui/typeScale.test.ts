import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** A token of the scale, or relative to the text around it. */
const FROM_SCALE = /^(?:var\(--size-\d\)|[\d.]+em|inherit|max\(16px, var\(--size-\d\)\))$/;

test('font sizes come from the type scale in base.css', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css') && !name.endsWith('print.css'));
  const others = files.flatMap((name) =>
    [...readFileSync(`src/${name}`, 'utf8').matchAll(/font-size:\s*([^;]+);|font:\s*(?:\d+ )?([\d.]+(?:px|rem))/g)]
      .map(([, size, short]) => size ?? short ?? '')
      .filter((size) => !FROM_SCALE.test(size))
      .map((size) => `${name}: ${size}`),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(others).toEqual([]);
});
