import { listed } from '../i18n/bidi.ts';
import { t } from '../i18n/index.ts';
import type { Directory } from '../task/useTasks.ts';
import { hueOf, hues } from './hues.ts';
import { useStore } from './useStore.ts';
import css from './ui.module.css';

const letters = new Intl.Segmenter();

/** Brackets, quotation marks and the like stand for nobody; letters, digits and emoji do. */
const SIGNS = /[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}\u200d]+/gu;

/** What tells two people of the same name apart. */
const ADDRESS = / \(\S+@\S+$/;

/** As a reader sees it: an emoji or a letter with its accent is one. */
export function firstLetter(name: string): string {
  const [first] = letters.segment(name.replace(SIGNS, ''));
  return (first?.segment ?? '?').toUpperCase();
}

/** Slow to find, and drawn on every card. */
const found = new Map<string, string>();

/** Two letters: of the first and the last name, or the first two of a single one. */
export function initials(name: string): string {
  const known = found.get(name) ?? initialsOf(name);
  found.set(name, known);
  return known;
}

function initialsOf(shown: string): string {
  // What is said of someone isn't part of their name.
  const name = shown.replace(ADDRESS, '').replace(t('common.leftMember', { name: '' }), '');
  const words = name.split(/\s+/).map((word) => word.replace(SIGNS, '')).filter((word) => word !== '');
  const [first = ''] = words;
  const [, next] = letters.segment(first);
  const second = words.length > 1 ? firstLetter(words.at(-1) ?? '') : (next?.segment ?? '').toUpperCase();
  return firstLetter(first) + second;
}

interface Props {
  id: string;
  name: string;
  size?: 'small' | 'large';
}

/** The name stands beside it or in the text around it; by itself it is only a picture of it. */
export function Avatar({ id, name, size = 'small' }: Props) {
  const hue = useStore(hues, (known) => known.get(id) ?? hueOf(id));
  return (
    <span className={css.avatar} data-hue={hue} data-size={size} title={name} dir="auto" aria-hidden="true">
      {initials(name)}
    </span>
  );
}

const SHOWN = 3;

export function Avatars({ users, directory }: { users: readonly string[]; directory: Directory }) {
  if (users.length === 0) return null;
  const names = users.map((id) => directory.nameOf(id));
  const all = listed(names);
  return (
    <span className={css.avatars} title={all}>
      {users.slice(0, SHOWN).map((id, n) => (
        <Avatar key={id} id={id} name={names[n] ?? ''} />
      ))}
      {users.length > SHOWN && (
        <span className={css.avatar} data-hue="7" aria-hidden="true">
          +{users.length - SHOWN}
        </span>
      )}
      <span className="visually-hidden">{t('task.assignedTo', { names: all })}</span>
    </span>
  );
}
