import { useTranslation } from '../i18n/index.ts';
import { listed } from '../i18n/bidi.ts';
import { useDirectory } from '../task/useTasks.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { setFilters } from './current.ts';
import { FIELDS, isFiltering, NO_FILTERS, withFlipped, withoutField, type Filters } from './filters.ts';
import css from './filter.module.css';
import { nameOf } from './suggestions.ts';
import { useCurrentFilters } from './useFilters.ts';

/** The filters in force as chips: each can be turned around or removed. */
export function ActiveFilters({ team, shown }: { team: string; shown: number | undefined }) {
  const { t } = useTranslation();
  const filters = useCurrentFilters();
  const directory = useDirectory(team);
  if (!isFiltering(filters)) return null;
  const chips = FIELDS.flatMap((field) =>
    [false, true].flatMap((isNot) => {
      const values = (isNot ? filters.not : filters)[field];
      if (values.length === 0) return [];
      return [{ field, isNot, names: values.map((value) => nameOf(field, value, directory)) }];
    }),
  );
  /** What had the focus may be gone. */
  const change = (next: (now: Filters) => Filters) => {
    setFilters(next);
    document.getElementById('filter-text')?.focus();
  };
  return (
    <div className={css.active}>
      <ul className={css.chips} aria-label={t('filter.active')}>
        {chips.map(({ field, isNot, names }) => {
          const name = t(`filter.field_${field}`);
          const values = listed(names);
          const is = t(isNot ? 'filter.isNot' : 'filter.is');
          return (
            <li key={`${field} ${isNot}`} className={css.chip}>
              <span className={css.chipField}>{name}</span>{' '}
              <button
                type="button"
                className={css.chipIs}
                aria-label={t(isNot ? 'filter.turnToIs' : 'filter.turnToIsNot', { name, values })}
                title={t(isNot ? 'filter.turnToIs' : 'filter.turnToIsNot', { name, values })}
                onClick={() => setFilters((now) => withFlipped(now, field, isNot))}
              >
                {is}
              </button>{' '}
              <span className={css.chipValues} dir="auto" title={values}>
                {values}
              </span>
              <IconButton
                label={t('filter.remove', { name: `${name} ${is} ${values}` })}
                className={css.chipRemove}
                onClick={() => change((now) => withoutField(now, field, isNot))}
              >
                <Icon name="close" size={12} />
              </IconButton>
            </li>
          );
        })}
      </ul>
      <span className={css.shown} role="status">
        {shown !== undefined && t('filter.shown', { count: shown })}
      </span>
      <Button look="ghost" onClick={() => change(() => NO_FILTERS)}>
        {t('filter.clear')}
      </Button>
    </div>
  );
}
