import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Priority, Status } from '../api/types.ts';
import { useListbox } from '../palette/useListbox.ts';
import { useDirectory, type Directory } from '../task/useTasks.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { IconButton } from '../ui/Button.tsx';
import { Dot } from '../ui/Chips.tsx';
import { isComposing } from '../ui/composing.ts';
import { Icon, PriorityIcon, StatusIcon } from '../ui/Icon.tsx';
import { setFilters } from './current.ts';
import { FIELDS, ME, NONE, viewer, withToggled, type Field } from './filters.ts';
import css from './filter.module.css';
import { isAtLimit, MOST_SEARCHED, searchable } from './searchLimit.ts';
import { suggestionsFor } from './suggestions.ts';
import { useCurrentFilters } from './useFilters.ts';

const EXCLUDE = 'exclude';

/** The one control to filter by: its text filters while it is typed, and finds what else there is to filter by. */
export function FilterField({ team }: { team: string }) {
  const { t } = useTranslation();
  const filters = useCurrentFilters();
  const directory = useDirectory(team);
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  /** The text while an input method composes it: nothing is filtered by half a word. */
  const [composed, setComposed] = useState<string | null>(null);
  const { text } = filters;
  const found = useMemo(
    () => (isOpen ? suggestionsFor(text, filters, directory, viewer().me) : []),
    [isOpen, text, filters, directory],
  );
  const isShown = isOpen && composed === null && found.length > 0;
  const offersExclusion = isShown && text.trim() === '';
  const setText = (next: string) => setFilters((now) => ({ ...now, text: searchable(next) }));
  const choose = (id: string) => {
    input.current?.focus();
    if (id === EXCLUDE) {
      setText(`${t('filter.not')} `);
      return;
    }
    const chosen = found.find((one) => one.id === id);
    if (chosen === undefined) return;
    // What was typed was the way to the suggestion.
    setFilters((now) => ({ ...withToggled(now, chosen.field, chosen.value, chosen.isNot), text: '' }));
  };
  const listbox = useListbox({
    label: t('filter.label'),
    ids: [...found.map(({ id }) => id), ...(offersExclusion ? [EXCLUDE] : [])],
    onChoose: choose,
    takesFirst: false,
    isOpen: isShown,
  });
  const close = () => {
    setIsOpen(false);
    listbox.reset();
  };

  return (
    <div className={css.field} role="search">
      <div className={css.box}>
        <Icon name="filter" size={14} />
        <input
          {...listbox.field}
          ref={input}
          id="filter-text"
          type="text"
          inputMode="search"
          enterKeyHint="search"
          dir="auto"
          value={composed ?? text}
          placeholder={t('filter.hint')}
          onClick={() => setIsOpen(true)}
          onBlur={close}
          onCompositionEnd={(event) => {
            setComposed(null);
            setText(event.currentTarget.value);
          }}
          onChange={(event) => {
            listbox.reset();
            setIsOpen(true);
            if ((event.nativeEvent as InputEvent).isComposing) setComposed(event.target.value);
            else setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (listbox.onKeyDown(event) || isComposing(event)) return;
            if (event.key === 'ArrowDown') setIsOpen(true);
            else if (event.key === 'Enter') close();
            else if (event.key === 'Escape') {
              // One layer at a time: the open task stays.
              event.preventDefault();
              if (isShown) {
                close();
                return;
              }
              setText('');
              event.currentTarget.blur();
            }
          }}
        />
        {text !== '' && (
          <IconButton
            label={t('filter.clearText')}
            className={css.clearText}
            onClick={() => {
              setText('');
              input.current?.focus();
            }}
          >
            <Icon name="close" size={12} />
          </IconButton>
        )}
      </div>
      <p className={css.limit} role="status">
        {isAtLimit(text) ? t('filter.limit', { most: MOST_SEARCHED }) : ''}
      </p>
      {isShown && (
        <div className={css.suggestions}>
          <div {...listbox.list} aria-multiselectable="true">
            {FIELDS.map((field) => {
              const group = found.filter((one) => one.field === field);
              if (group.length === 0) return null;
              return (
                <div key={field} role="group" aria-label={t(`filter.field_${field}`)}>
                  <p className={css.heading} aria-hidden="true">
                    {t(`filter.field_${field}`)}
                  </p>
                  {group.map(({ id, value, text: name, isNot, isChosen }) => (
                    <div key={id} {...listbox.option(id)} aria-selected={isChosen} className={css.suggestion}>
                      <span className={css.suggestionIcon}>{iconOf(field, value, directory)}</span>
                      <span className={css.suggestionText}>
                        {isNot && <em className={css.not}>{t('filter.not')} </em>}
                        <bdi>{name}</bdi>
                      </span>
                      {isChosen && <Icon name="check" size={14} />}
                    </div>
                  ))}
                </div>
              );
            })}
            {offersExclusion && (
              <div {...listbox.option(EXCLUDE)} aria-selected="false" className={`${css.suggestion} ${css.exclude}`}>
                <span className={css.suggestionIcon}>
                  <Icon name="close" size={14} />
                </span>
                <span className={css.suggestionText}>{t('filter.exclude')}</span>
              </div>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function iconOf(field: Field, value: string, directory: Directory): ReactNode {
  switch (field) {
    case 'statuses':
      return <StatusIcon status={value as Status} />;
    case 'priorities':
      return <PriorityIcon priority={value as Priority} />;
    case 'due':
      return <Icon name="calendar" />;
    case 'assignees': {
      const id = value === ME ? viewer().me : value;
      return value === NONE ? <Icon name="person" /> : <Avatar id={id} name={directory.nameOf(id)} />;
    }
    case 'labels': {
      const label = directory.label(value);
      return label === undefined ? <Icon name="label" /> : <Dot color={label.color} />;
    }
  }
}
