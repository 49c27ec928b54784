import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tasksPath } from '../shell/address.ts';
import { adopt, current, filterPart, isAt, setFilters } from './current.ts';
import { NO_FILTERS } from './filters.ts';

function visit(path: string): void {
  history.pushState(null, '', path);
  adopt('ops', filterPart(location.search));
}

describe('the filter in force', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    visit('/t/ops/board?task=4');
    setFilters(NO_FILTERS);
  });

  it('holds what is typed at once; the address follows when typing pauses, in the same entry', () => {
    const entries = history.length;
    for (const text of ['a', 'ab', 'ab ', 'ab c']) {
      setFilters((now) => ({ ...now, text }));
      expect(current.get().filters.text).toBe(text);
      expect(location.search).toBe('?task=4');
    }
    vi.runAllTimers();
    expect(location.search).toBe('?task=4&q=ab+c');
    expect(history.length).toBe(entries);
    expect(isAt('ops', filterPart(location.search))).toBe(true);
  });

  it('keeps a space at the end while the address does without', () => {
    setFilters((now) => ({ ...now, text: 'ab ' }));
    vi.runAllTimers();
    adopt('ops', filterPart(location.search));
    expect(location.search).toBe('?task=4&q=ab');
    expect(current.get().filters.text).toBe('ab ');
  });

  it('is taken from the address after a navigation, and what was still to be written is dropped', () => {
    setFilters((now) => ({ ...now, text: 'typed' }));
    visit('/t/ops/board?q=link');
    vi.runAllTimers();
    expect(current.get().filters.text).toBe('link');
    expect(location.search).toBe('?q=link');
  });

  it('is written to the task that was opened meanwhile', () => {
    setFilters((now) => ({ ...now, text: 'typed' }));
    visit('/t/ops/board?task=5');
    vi.runAllTimers();
    expect(location.search).toBe('?task=5&q=typed');
  });

  it('is not written to another page, but kept for the way back', () => {
    setFilters((now) => ({ ...now, text: 'typed' }));
    history.pushState(null, '', '/inbox');
    vi.runAllTimers();
    expect(location.href).toMatch(/\/inbox$/);
    expect(tasksPath('ops', 'list')).toBe('/t/ops/list?q=typed');
  });

  it('writes a choice at once', () => {
    setFilters((now) => ({ ...now, statuses: ['blocked'] }));
    expect(location.search).toBe('?task=4&status=blocked');
    setFilters(NO_FILTERS);
    expect(location.search).toBe('?task=4');
  });
});
