import { describe, expect, it } from 'vitest';
import { STATUSES } from '../api/types.ts';
import { aTask } from '../testing.ts';
import {
  countedWith,
  DUES,
  isExact,
  isFiltering,
  matcher,
  NO_FILTERS,
  readFilters,
  toggled,
  toQuery,
  withToggled,
  writeFilters,
  type Filters,
} from './filters.ts';
import { asServer, at, filtersOf, manyTasks, NOW, samples } from './filters.fixture.ts';

const WHO = { me: 'ann', now: NOW };

describe('a filter', () => {
  const task = aTask({ number: 42, title: 'Renew the Certificate', assignees: ['bob'], labels: ['x'], priority: 'high' });

  it.each([
    [{ text: 'certif' }, true],
    [{ text: 'CERTIFICATE renew' }, true],
    [{ text: 'certificate 42' }, true],
    [{ text: 'certificate 43' }, false],
    [{ text: 'ops-42' }, true],
    [{ text: 'ops-43' }, false],
    [{ text: '  ' }, true],
    [{ text: '´' }, false],
    [{ text: '\u0301 ¨' }, false],
    [{ statuses: ['pending', 'blocked'] as const }, true],
    [{ statuses: ['blocked'] as const }, false],
    [{ not: { statuses: ['pending'] as const } }, false],
    [{ not: { statuses: ['blocked'] as const } }, true],
    [{ priorities: ['urgent', 'high'] as const }, true],
    [{ not: { priorities: ['high'] as const } }, false],
    [{ assignees: ['bob', 'carol'] }, true],
    [{ assignees: ['none'] }, false],
    [{ assignees: ['me'] }, false],
    [{ not: { assignees: ['me'] } }, true],
    [{ not: { assignees: ['bob'] } }, false],
    [{ not: { assignees: ['none'] } }, true],
    [{ labels: ['y'] }, false],
    [{ labels: ['none', 'x'] }, true],
    [{ not: { labels: ['x'] } }, false],
    [{ due: ['none'] as const }, true],
    [{ not: { due: ['none'] as const } }, false],
    [{ text: 'renew', statuses: ['pending'] as const, assignees: ['bob'], labels: ['x'] }, true],
    [{ text: 'renew', labels: ['y'] }, false],
  ])('%j: %s', (fields, fits) => {
    expect(matcher(filtersOf(fields), WHO)(task)).toBe(fits);
  });

  it('finds tasks without an assignee, and those of the viewer', () => {
    expect(matcher(filtersOf({ assignees: ['none'] }), WHO)(aTask())).toBe(true);
    expect(matcher(filtersOf({ assignees: ['me'] }), WHO)(aTask({ assignees: ['bob', 'ann'] }))).toBe(true);
    expect(matcher(filtersOf({ not: { assignees: ['none'] } }), WHO)(aTask())).toBe(false);
  });

  it.each([
    ['Prüfung', 'prufung'],
    ['Prüfung', 'pru\u0308fung'],
    ['pru\u0308fung', 'PRÜFUNG'],
    ['Café crème', 'creme cafe'],
    ['ＡＢＣ１２', 'abc12'],
    ['ｶﾞｲﾄﾞ', 'ガイド'],
    ['ﬁle', 'file'],
    ['Åse', 'ase'],
    ['İstanbul', 'istanbul'],
    ['Ελλάδα', 'ελλαδα'],
    ['שָׁלוֹם', 'שלום'],
    ['a\u00a0b', 'b a'],
  ])('finds “%s” by “%s”, without regard to case, accents, composition and width', (title, text) => {
    expect(matcher(filtersOf({ text }), WHO)(aTask({ title }))).toBe(true);
  });

  it.each([
    [at(25), ['overdue', 'week']],
    [at(26, 0), ['today', 'week']],
    [at(26, 23), ['today', 'week']],
    [at(27, 0), ['week']],
    [at(20), ['overdue']],
    [new Date(2026, 11, 20).toISOString(), []],
    [null, ['none']],
  ])('knows when a task due %s is due', (due_at, expected) => {
    const found = DUES.filter((due) => matcher(filtersOf({ due: [due] }), WHO)(aTask({ due_at })));
    expect(found).toEqual(expected);
  });

  it('calls nothing overdue that is done', () => {
    expect(matcher(filtersOf({ due: ['overdue'] }), WHO)(aTask({ due_at: at(2), status: 'completed' }))).toBe(false);
  });

  it('has a value either wanted or excluded, never both', () => {
    const wanted = withToggled(NO_FILTERS, 'labels', 'x', false);
    expect(wanted.labels).toEqual(['x']);
    const excluded = withToggled(wanted, 'labels', 'x', true);
    expect([excluded.labels, excluded.not.labels]).toEqual([[], ['x']]);
    expect(withToggled(excluded, 'labels', 'x', true)).toEqual(NO_FILTERS);
  });

  it('toggles', () => {
    expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
  });
});

/** The samples with ids of the server's kind, as addresses have them. */
const ids = { ann: id(1), bob: id(2), x: id(3), y: id(4) };
const withIds = (filters: Filters) =>
  JSON.parse(JSON.stringify(filters).replace(/"(ann|bob|x|y)"/g, (_, name: keyof typeof ids) => `"${ids[name]}"`)) as Filters;

function id(n: number): string {
  return `01a21e94-b816-73d8-9926-${String(n).padStart(12, '0')}`;
}

describe('the address', () => {
  it('gives back what was written to it, and keeps its other parameters', () => {
    for (const filters of samples(300).map(withIds)) {
      const search = writeFilters(new URLSearchParams('task=4'), filters);
      expect(readFilters(new URLSearchParams(search.toString()))).toEqual(filters);
      expect(search.get('task')).toBe('4');
      expect(writeFilters(search, NO_FILTERS).toString()).toBe('task=4');
    }
  });

  it('is read as it was written before there were exclusions', () => {
    const old = readFilters(new URLSearchParams(`q=a+b&status=blocked,pending&assignee=${ids.bob},none&label=${ids.x},${ids.y}`));
    expect(old).toEqual(
      filtersOf({ text: 'a b', statuses: ['pending', 'blocked'], assignees: [ids.bob, 'none'], labels: [ids.x, ids.y] }),
    );
  });

  it('gives no unknown status, priority or due date', () => {
    expect(isFiltering(readFilters(new URLSearchParams('status=nope&not_priority=nope&due=nope&q=+')))).toBe(false);
  });

  it('gives nothing for an id that can’t be one', () => {
    const { assignees, labels, not } = readFilters(new URLSearchParams(`assignee=me,bar,none&label=me,zzz,${ids.x}&not_label=1&not_assignee=none`));
    expect({ assignees, labels, not: [not.assignees, not.labels] }).toEqual({ assignees: ['me', 'none'], labels: [ids.x], not: [['none'], []] });
  });
});

describe('the query of the server', () => {
  it('excludes statuses and priorities by the others', () => {
    const filters = filtersOf({ not: { statuses: ['completed', 'cancelled'], priorities: ['none'] } });
    expect(toQuery(filters, NOW)).toEqual({
      status: 'pending,in_progress,blocked',
      priority: 'urgent,high,medium,low',
    });
  });

  it('names people, labels and words', () => {
    const filters = filtersOf({
      text: ' Größe  ändern',
      assignees: ['me', 'none'],
      labels: ['x'],
      not: { assignees: ['bob'], labels: ['none'] },
    });
    expect(toQuery(filters, NOW)).toEqual({
      assignee: 'me,none',
      label: 'x',
      not_assignee: 'bob',
      not_label: 'none',
      q: 'Größe ändern',
    });
  });

  it('sends a text as it was typed, within the server’s 100 characters', () => {
    const text = '결제 페이지에서 주문 취소 버튼을 누르면 오류가 나는 문제를 고치고 테스트를 추가해 주세요';
    expect(toQuery(filtersOf({ text }))?.q).toBe(text);
    expect(toQuery(filtersOf({ text: '🦀'.repeat(120) }))?.q).toBe('🦀'.repeat(100));
    // An accent alone is no word.
    expect(toQuery(filtersOf({ text: '\u0301' }))?.q).toBeUndefined();
  });

  it('has due dates in days of the viewer', () => {
    const midnight = (day: number) => new Date(2026, 10, day).toISOString();
    expect(toQuery(filtersOf({ due: ['today'] }), NOW)).toEqual({ due_from: midnight(26), due_before: midnight(27) });
    expect(toQuery(filtersOf({ due: ['overdue'] }), NOW)).toEqual({
      status: 'pending,in_progress,blocked',
      due_from: '1970-01-01T00:00:00Z',
      due_before: midnight(26),
    });
    expect(toQuery(filtersOf({ due: ['none'] }), NOW)).toEqual({ due: 'none' });
    expect(toQuery(filtersOf({ not: { due: ['none'] } }), NOW)).toEqual({ due_from: '1970-01-01T00:00:00Z' });
  });

  it('is none where nothing can match', () => {
    expect(toQuery(filtersOf({ not: { statuses: STATUSES } }), NOW)).toBe(null);
    expect(toQuery(filtersOf({ statuses: ['completed'], due: ['overdue'] }), NOW)).toBe(null);
    expect(toQuery(filtersOf({ text: '´' }), NOW)).toBe(null);
    expect(isFiltering(filtersOf({ text: '´' }))).toBe(true);
  });

  it('finds whatever the matcher lets through, and nothing else where it is exact', () => {
    const tasks = manyTasks(200);
    let exact = 0;
    for (const filters of samples(300)) {
      const found = new Set(tasks.filter(asServer(filters)));
      const shown = tasks.filter(matcher(filters, WHO));
      expect(shown.filter((task) => !found.has(task))).toEqual([]);
      if (!isExact(filters, NOW)) continue;
      exact += 1;
      expect(shown.length).toBe(found.size);
    }
    expect(exact).toBeGreaterThan(200);
  });

  // Thursday: the week has days before and after it.
  it.each([
    [{ due: ['today', 'week'] }, true],
    [{ due: ['none', 'today'] }, true],
    [{ due: ['none', 'week'] }, true],
    [{ due: ['none'], not: { due: ['overdue'] } }, true],
    [{ due: ['week'], not: { due: ['none'] } }, true],
    [{ due: ['overdue', 'today'], statuses: ['pending', 'blocked'] }, true],
    [{ due: ['overdue', 'none'], statuses: ['pending'] }, true],
    [{ due: ['overdue', 'week'], statuses: ['completed'] }, true],
    [{ not: { due: ['overdue'] }, statuses: ['pending'] }, true],
    [{ not: { due: ['overdue'] }, statuses: ['completed'] }, true],
    [{ due: ['overdue'], not: { due: ['week'] } }, true],
    // Some of what the server would find is done, and so not overdue.
    [{ due: ['overdue', 'today'] }, false],
    [{ not: { due: ['overdue'] } }, false],
    // Two ranges.
    [{ not: { due: ['today'] } }, false],
    [{ due: ['week'], not: { due: ['today'] } }, false],
    // The server searches for the beginning of it only.
    [{ text: 'x'.repeat(101) }, false],
  ] as const)('finds exactly what %j says: %s', (fields, isExactly) => {
    const filters = filtersOf(fields);
    expect(isExact(filters, NOW)).toBe(isExactly);
    const tasks = manyTasks(500);
    const [found, shown] = [asServer(filters), matcher(filters, WHO)].map((fits) => tasks.filter(fits).length);
    if (isExactly) expect(found).toBe(shown);
  });

  it('counts open tasks and the others apart where a due date means another thing for them', () => {
    for (const filters of [...samples(100), filtersOf({ due: ['overdue', 'today'] }), filtersOf({ not: { due: ['overdue'] } })]) {
      const tasks = manyTasks(200);
      for (const status of STATUSES) {
        const counted = countedWith(filters, status, NOW);
        if (!isExact(counted, NOW)) continue;
        const byServer = tasks.filter((task) => task.status === status).filter(asServer(counted));
        expect(byServer).toEqual(tasks.filter((task) => task.status === status).filter(matcher(filters, WHO)));
      }
    }
    for (const status of STATUSES) {
      expect(isExact(countedWith(filtersOf({ due: ['overdue', 'today'] }), status, NOW), NOW)).toBe(true);
      expect(isExact(countedWith(filtersOf({ not: { due: ['overdue'] } }), status, NOW), NOW)).toBe(true);
    }
    // One request for all of them where there is no difference.
    const today = filtersOf({ due: ['today'] });
    expect(countedWith(today, 'pending', NOW)).toBe(today);
  });
});
