import { describe, expect, it } from 'vitest';
import { t, type TextKey } from './index.ts';

describe('the texts of the page', () => {
  it('are found by their keys', () => {
    expect(t('common.close')).toBe('Close');
    expect(t('no.such.text' as TextKey)).toBe('no.such.text');
  });

  it('have values in place of placeholders, as they are', () => {
    expect(t('common.leftMember', { name: '<b>{{what}}</b> & $&' })).toBe('<b>{{what}}</b> & $& (former)');
    expect(t('team.removed', { name: 'Ann', team: '' })).toBe('Ann removed from ');
  });

  it('follow the plural of the count, and have their own word for none', () => {
    expect(t('errors.tooManyFor', { count: 1 })).toBe('Too many requests. Try again in 1 second.');
    expect(t('errors.tooManyFor', { count: 0 })).toBe('Too many requests. Try again in 0 seconds.');
    expect(t('label.deleteText', { count: 0 })).toBe('No task has this label.');
    expect(t('label.deleteText', { count: 1234 })).toContain('1,234 tasks');
  });
});
