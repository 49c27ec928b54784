import { Loading, Skeleton } from '../ui/States.tsx';
import css from './board.module.css';

const CARDS = [4, 3, 2, 3, 1];

export function BoardSkeleton() {
  return (
    <Loading>
      <div className={css.board}>
        {CARDS.map((count, column) => (
          <div key={column} className={css.column}>
            <div className={css.columnHead}>
              <Skeleton width={96} />
            </div>
            <div className={css.skeletons}>
              {Array.from({ length: count }, (_, card) => (
                <Skeleton key={card} height={76} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </Loading>
  );
}
