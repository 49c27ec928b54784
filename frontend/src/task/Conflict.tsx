import type { Ref } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import css from './conflict.module.css';
import { merged } from './merge.ts';

interface Props {
  /** What the text was when its author began. */
  base: string;
  mine: string;
  theirs: string;
  /** Goes on with this text, from theirs. */
  onChoose: (text: string) => void;
  /** One line, which can't be merged. */
  isLine?: boolean;
  /** For giving it the focus: saving waits for the choice. */
  ref?: Ref<HTMLDivElement>;
}

/** Somebody else has changed the same text: both are shown, and the author decides. Nothing is overwritten unseen. */
export function Conflict({ base, mine, theirs, onChoose, isLine = false, ref }: Props) {
  const { t } = useTranslation();
  const both = isLine ? null : merged(base, mine, theirs);
  return (
    <div ref={ref} className={css.conflict} role="alert" tabIndex={-1}>
      <p>{t('conflict.text')}</p>
      <div className={css.sides}>
        {([['theirs', theirs], ['yours', mine]] as const).map(([side, text]) => (
          <section key={side} className={css.side} aria-label={t(`conflict.${side}`)}>
            <h4 className={css.name}>{t(`conflict.${side}`)}</h4>
            <div className={css.text} dir="auto">
              {text === '' ? <em>{t('conflict.empty')}</em> : text}
            </div>
          </section>
        ))}
      </div>
      <div className={css.buttons}>
        <Button onClick={() => onChoose(theirs)}>{t('conflict.useTheirs')}</Button>
        <Button onClick={() => onChoose(mine)}>{t('conflict.keepMine')}</Button>
        {!isLine && (
          <Button onClick={() => onChoose(both ?? `${mine.trimEnd()}\n\n${theirs}`)}>
            {t(both === null ? 'conflict.append' : 'conflict.merge')}
          </Button>
        )}
      </div>
    </div>
  );
}
