import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { open } from '../ui/stage.ts';
import { ActiveFilters } from './ActiveFilters.tsx';
import css from './filter.module.css';
import { FilterField } from './FilterField.tsx';

interface Props {
  team: string;
  title: string;
  canEdit: boolean;
  /** How many tasks the filter lets through. */
  shown: number | undefined;
  children?: ReactNode;
}

/** The head of the board and the list. */
export function FilterBar({ team, title, canEdit, shown, children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <header className={css.bar}>
        <h1 className={css.title}>{title}</h1>
        <FilterField team={team} />
        {children}
        {canEdit && (
          <Button
            look="primary"
            className={css.new}
            aria-label={t('task.new')}
            onClick={() => open({ kind: 'new-task', status: 'pending' })}
          >
            <Icon name="plus" size={14} />
            <span className={css.buttonText}>{t('task.new')}</span>
          </Button>
        )}
      </header>
      <ActiveFilters team={team} shown={shown} />
    </>
  );
}
