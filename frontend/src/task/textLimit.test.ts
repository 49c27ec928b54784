import { describe, expect, it } from 'vitest';
import { excess, fill } from './TextLimit.tsx';

describe('a limit in bytes, said in characters', () => {
  it.each([
    ['a'.repeat(100), 0],
    ['a'.repeat(103), 3],
    ['ü'.repeat(50), 0],
    ['ü'.repeat(53), 3],
    // The 34th is cut by the limit.
    ['字'.repeat(34), 1],
    [`${'a'.repeat(98)}🦊b`, 2],
    ['', 0],
  ])('%s', (text, over) => {
    expect(excess(text, 100)).toBe(over);
    // As many taken from the end, and the text fits.
    const left = Array.from(text).slice(0, Array.from(text).length - over).join('');
    expect(new TextEncoder().encode(left).length).toBeLessThanOrEqual(100);
  });

  it('is said when it is near, in characters like those of the text', () => {
    expect(fill('a'.repeat(89), 100)).toBeUndefined();
    expect(fill('a'.repeat(90), 100)).toEqual({ length: 90, most: 100 });
    expect(fill('ü'.repeat(46), 100)).toEqual({ length: 46, most: 50 });
    expect(fill('a'.repeat(101), 100)).toEqual({ length: 101, most: 100 });
  });
});
