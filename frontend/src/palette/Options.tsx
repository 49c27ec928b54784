import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { fold, hasWords, wordsOf } from '../list/folded.ts';
import { Icon } from '../ui/Icon.tsx';
import { TypedAhead } from '../ui/TypedAhead.tsx';
import css from './palette.module.css';
import { useListbox } from './useListbox.ts';

export interface Option {
  id: string;
  text: string;
  icon?: ReactNode;
  chosen?: boolean;
  /** Found by these words too. */
  words?: string[];
}

/** What can be made of a text that was typed. */
export interface Creation {
  /** The entry's words. */
  text: string;
  /** Gives whether it was made. */
  run: () => Promise<boolean>;
}

interface Props {
  label: string;
  options: readonly Option[];
  onChoose: (id: string) => void;
  footer?: ReactNode;
  /** What is offered to be made of the text, after the options that match; undefined if nothing. */
  creationOf?: (text: string) => Creation | undefined;
}

const CREATE = 'create';

/** The options for what is typed: those that begin with it come first. */
function matching(options: readonly Option[], text: string): readonly Option[] {
  const words = wordsOf(text);
  if (words.length === 0) return options;
  const found = options.filter((option) => hasWords(fold([option.text, ...(option.words ?? [])].join(' ')), words));
  const start = words.join(' ');
  const begins = (option: Option) => fold(option.text).startsWith(start);
  return [...found.filter(begins), ...found.filter((option) => !begins(option))];
}

/** A list to choose from by typing, with arrows, or by pointing. */
export function Options({ label, options, onChoose, footer, creationOf }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const found = useMemo(() => matching(options, text), [options, text]);
  const [isCreating, setIsCreating] = useState(false);
  const creation = text.trim() === '' ? undefined : creationOf?.(text.trim());
  const create = async (wanted: Creation) => {
    setIsCreating(true);
    if (await wanted.run()) setText('');
    setIsCreating(false);
  };
  const choose = (id: string) => {
    if (id !== CREATE) onChoose(id);
    else if (creation !== undefined && !isCreating) void create(creation);
  };
  const ids = [...found.map(({ id }) => id), ...(creation === undefined ? [] : [CREATE])];
  const listbox = useListbox({ label, ids, onChoose: choose, takesFirst: true });
  return (
    <div className={css.options}>
      <input
        {...listbox.field}
        className={css.search}
        type="text"
        dir="auto"
        placeholder={label}
        value={text}
        autoFocus
        onChange={(event) => {
          setText(event.target.value);
          listbox.reset();
        }}
        onKeyDown={(event) => void listbox.onKeyDown(event)}
      />
      <TypedAhead
        onTyped={(ahead) => {
          setText(ahead.text);
          const [first] = matching(options, ahead.text);
          if (ahead.isSent && first !== undefined) onChoose(first.id);
        }}
      />
      <div {...listbox.list} className={css.list}>
        {found.map(({ id, text, icon, chosen = false }) => (
          <div key={id} {...listbox.option(id)} className={css.item}>
            {icon}
            <span className={css.text} dir="auto">
              {text}
            </span>
            {chosen && (
              <span className={css.chosen}>
                <Icon name="check" size={14} />
                <span className="visually-hidden">{t('palette.chosen')}</span>
              </span>
            )}
          </div>
        ))}
        {creation !== undefined && (
          <div {...listbox.option(CREATE)} className={css.item} aria-disabled={isCreating || undefined}>
            <Icon name="plus" size={14} />
            <span className={css.text}>{creation.text}</span>
          </div>
        )}
      </div>
      {ids.length === 0 && options.length > 0 && (
        <p className={css.empty} role="status">
          {t('palette.nothing')}
        </p>
      )}
      {footer}
    </div>
  );
}
