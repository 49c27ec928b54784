import { Suspense, useDeferredValue, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { parts } from '../shell/ahead.ts';
import { useDirectory } from '../task/useTasks.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { open } from '../ui/stage.ts';
import { isFiltering, NO_FILTERS, NONE, toggled, type Filters } from './filters.ts';
import css from './list.module.css';

const { FilterMenu } = parts;

interface Props {
  team: string;
  title: string;
  filters: Filters;
  onChange: (filters: Filters) => void;
  canEdit: boolean;
  /** How many tasks the filters let through. */
  shown: number | undefined;
  children?: ReactNode;
}

export function FilterBar({ team, title, filters, onChange, canEdit, shown, children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <header className={css.bar}>
        <h1 className={css.barTitle}>{title}</h1>
        <TextFilter filters={filters} onChange={onChange} />
        <Filtering team={team} filters={filters} onChange={onChange} />
        {children}
        {canEdit && (
          <Button
            look="primary"
            className={css.new}
            aria-label={t('task.new')}
            onClick={() => open({ kind: 'new-task', status: 'pending' })}
          >
            <Icon name="plus" size={14} />
            <span className={css.newText}>{t('task.new')}</span>
          </Button>
        )}
      </header>
      {isFiltering(filters) && <Active team={team} filters={filters} onChange={onChange} shown={shown} />}
    </>
  );
}

/** The menu is loaded when it is first asked for, and is then open. */
function Filtering(props: Pick<Props, 'team' | 'filters' | 'onChange'>) {
  const { t } = useTranslation();
  const [isWanted, setIsWanted] = useState(false);
  const button = (
    <Button className={css.filter} aria-label={t('filter.add')} aria-haspopup="dialog" onClick={() => setIsWanted(true)}>
      <Icon name="filter" size={14} />
      <span className={css.newText}>{t('filter.add')}</span>
    </Button>
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <FilterMenu {...props} />
    </Suspense>
  );
}

/** Typing is never slowed down by what it filters. */
function TextFilter({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  const { t } = useTranslation();
  const [text, setText] = useState(filters.text);
  const [shownFor, setShownFor] = useState(filters.text);
  if (shownFor !== filters.text) {
    // Changed from elsewhere: cleared, or gone back in the history.
    setShownFor(filters.text);
    if (text.trim() !== filters.text) setText(filters.text);
  }
  const settled = useDeferredValue(text);
  useEffect(() => {
    if (settled.trim() !== filters.text) onChange({ ...filters, text: settled.trim() });
    // Only typing sets it off.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <label className={css.search}>
      <Icon name="search" size={14} />
      <span className="visually-hidden">{t('filter.text')}</span>
      <input
        id="filter-text"
        type="search"
        value={text}
        maxLength={100}
        placeholder={t('filter.textHint')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setText('');
          event.currentTarget.blur();
        }}
      />
    </label>
  );
}

function Active({ team, filters, onChange, shown }: Pick<Props, 'team' | 'filters' | 'onChange' | 'shown'>) {
  const { t } = useTranslation();
  const directory = useDirectory(team);
  const chips = [
    ...filters.statuses.map((status) => ({
      key: status,
      text: t(`status.${status}`),
      without: { ...filters, statuses: toggled(filters.statuses, status) },
    })),
    ...filters.assignees.map((id) => ({
      key: id,
      text: id === NONE ? t('filter.nobody') : (directory.member(id)?.user.name ?? t('common.formerMember')),
      without: { ...filters, assignees: toggled(filters.assignees, id) },
    })),
    ...filters.labels.map((id) => ({
      key: id,
      text: directory.label(id)?.name ?? t('event.goneLabel'),
      without: { ...filters, labels: toggled(filters.labels, id) },
    })),
  ];
  return (
    <div className={css.active} role="group" aria-label={t('filter.active')}>
      {chips.map(({ key, text, without }) => (
        <span key={key} className={css.activeChip}>
          {text}
          <IconButton label={t('filter.remove', { name: text })} onClick={() => onChange(without)}>
            <Icon name="close" size={12} />
          </IconButton>
        </span>
      ))}
      <span className={css.shown} role="status">
        {shown !== undefined && t('filter.shown', { count: shown })}
      </span>
      <Button look="ghost" onClick={() => onChange(NO_FILTERS)}>
        {t('filter.clear')}
      </Button>
    </div>
  );
}
