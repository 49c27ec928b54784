import { useCallback, useId, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Status } from '../api/types.ts';
import { StatusIcon } from '../ui/Icon.tsx';
import { useStore } from '../ui/useStore.ts';
import css from './board.module.css';
import { dropAt, useDragPart, type Drag } from './useDrag.ts';

interface Props {
  status: Status;
  /** Undefined until the server has counted. */
  count: number | undefined;
  canEdit: boolean;
  onUnfold: (status: Status) => void;
}

/** A column of which only its name and its count are shown. Tasks can be dropped on it. */
export function FoldedColumn({ status, count, canEdit, onUnfold }: Props) {
  const { t } = useTranslation();
  const heading = useId();
  const column = useRef<HTMLElement>(null);
  const isTarget = useStore(dropAt, (at) => at?.status === status);
  const begin = useCallback(
    (drag: Drag) => (column.current === null ? undefined : drag.column(column.current, column.current, status)),
    [status],
  );
  useDragPart(canEdit, begin);
  const name = t(`status.${status}`);
  return (
    <section
      ref={column}
      className={css.column}
      data-folded
      data-target={isTarget || undefined}
      aria-labelledby={heading}
    >
      <button
        type="button"
        className={css.unfold}
        aria-expanded="false"
        aria-label={t('board.unfold', { status: name })}
        title={t('board.unfold', { status: name })}
        onClick={() => onUnfold(status)}
      >
        <StatusIcon status={status} />
        <span className={css.count}>{count}</span>
      </button>
      <h2 id={heading} className={css.foldedName}>
        {name}
      </h2>
    </section>
  );
}
