import { Command } from 'cmdk';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/Icon.tsx';
import css from './palette.module.css';

export interface Option {
  id: string;
  text: string;
  icon?: ReactNode;
  chosen?: boolean;
  /** Found by these words too. */
  words?: string[];
}

interface Props {
  label: string;
  options: readonly Option[];
  onChoose: (id: string) => void;
  footer?: ReactNode;
  /** What was typed before it was there. */
  begun?: string;
}

/** A list to choose from by typing, with arrows, or by pointing. */
export function Options({ label, options, onChoose, footer, begun = '' }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(begun);
  return (
    <Command className={css.options} label={label} loop>
      <Command.Input className={css.search} placeholder={label} aria-label={label} value={text} onValueChange={setText} autoFocus />
      <Command.List className={css.list} label={label}>
        <Command.Empty className={css.empty}>{t('palette.nothing')}</Command.Empty>
        {options.map(({ id, text, icon, chosen = false, words = [] }) => (
          <Command.Item key={id} value={id} keywords={[text, ...words]} className={css.item} onSelect={() => onChoose(id)}>
            {icon}
            <span className={css.text}>{text}</span>
            {chosen && (
              <span className={css.chosen}>
                <Icon name="check" size={14} />
                <span className="visually-hidden">{t('palette.chosen')}</span>
              </span>
            )}
          </Command.Item>
        ))}
      </Command.List>
      {footer}
    </Command>
  );
}
