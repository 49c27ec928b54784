/** What the filter's field suggests for what is typed in it. Pure. */
import { PRIORITIES, STATUSES } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import type { Directory } from '../task/useTasks.ts';
import { DUES, ME, NONE, type Due, type Field, type Filters } from './filters.ts';
import { fold, startsWords, wordsOf } from './folded.ts';

export interface Suggestion {
  id: string;
  field: Field;
  value: string;
  text: string;
  /** Whether choosing it excludes the value. */
  isNot: boolean;
  isChosen: boolean;
}

/** The name of one value, as a chip and a suggestion show it. */
export function nameOf(field: Field, value: string, directory: Directory): string {
  switch (field) {
    case 'statuses':
      return t(`status.${value as (typeof STATUSES)[number]}`);
    case 'priorities':
      return t(`priority.${value as (typeof PRIORITIES)[number]}`);
    case 'due':
      return t(`filter.due_${value as Due}`);
    case 'assignees':
      if (value === ME) return t('filter.me');
      if (value === NONE) return t('filter.nobody');
      return directory.nameOf(value);
    case 'labels':
      if (value === NONE) return t('filter.noLabel');
      return directory.label(value)?.name ?? t('event.goneLabel');
  }
}

const SIGNS = /^\s*[-!]\s*/;

/** The words to look for, and whether they ask for an exclusion: "not done", "is not done", "-done", "!done". */
function read(text: string): { words: string[]; isNot: boolean } {
  const hasSign = SIGNS.test(text);
  const words = wordsOf(text.replace(SIGNS, ''));
  const negations = wordsOf(t('filter.notWords'));
  const rest = words[0] === fold(t('filter.is')) ? words.slice(1) : words;
  if (rest[0] !== undefined && negations.includes(rest[0])) return { words: rest.slice(1), isNot: true };
  return { words, isNot: hasSign };
}

/** Of each heading; typing finds the others. */
const MOST = 50;

function withChosen(offered: readonly string[], chosen: readonly string[]): string[] {
  return [...new Set([...offered, ...chosen])];
}

export function suggestionsFor(text: string, filters: Filters, directory: Directory, me: string): Suggestion[] {
  const { words, isNot } = read(text);
  const typed = fold(text.trim());
  const chosen = isNot ? filters.not : filters;
  const group = (field: Field, values: readonly string[], more: (value: string) => string = () => '') =>
    values
      .map((value) => {
        const name = nameOf(field, value, directory);
        // A name may begin with the sign, or the word, that asks for an exclusion: whoever types it means the name.
        const isName = isNot && fold(name).startsWith(typed);
        const isExcluded = isNot && !isName;
        const holding: readonly string[] = (isExcluded ? filters.not : filters)[field];
        const suggestion = { id: `${field}:${value}`, field, value, text: name, isNot: isExcluded, isChosen: holding.includes(value) };
        return { suggestion, isName };
      })
      .filter(
        ({ suggestion: { text: name, value }, isName }) =>
          isName || startsWords(fold(`${t(`filter.field_${field}`)} ${name} ${more(value)}`), words),
      )
      .map(({ suggestion }) => suggestion)
      .slice(0, MOST);
  const { members, former } = directory;
  // Those who have left are found by typing; what is chosen is always there, so that it can be taken out.
  const people = (words.length > 0 ? [...members, ...former] : members).map(({ user }) => user.id);
  const others = withChosen(people, chosen.assignees).filter((id) => id !== me && id !== ME && id !== NONE);
  const labels = withChosen(directory.labels.map(({ id }) => id), chosen.labels).filter((id) => id !== NONE);
  return [
    ...group('statuses', STATUSES),
    ...group('assignees', [ME, NONE, ...others], (id) => directory.member(id === ME ? me : id)?.user.email ?? ''),
    ...group('labels', [...labels, ...(labels.length > 0 || chosen.labels.includes(NONE) ? [NONE] : [])]),
    ...group('priorities', PRIORITIES),
    ...group('due', DUES),
  ];
}
