import { useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Dot } from '../ui/Chips.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { COLORS } from './colors.ts';
import css from './team.module.css';

interface Props {
  color: string;
  label: string;
  onChange: (color: string) => void;
}

/** A label's colour: one of eight, or any. */
export function ColorMenu({ color, label, onChange }: Props) {
  const { t } = useTranslation();
  const custom = useRef<HTMLInputElement>(null);
  return (
    <span className={css.colorMenu}>
      <Menu
        trigger={
          <button type="button" className={css.color} aria-label={label} title={label}>
            <Dot color={color} />
          </button>
        }
      >
        {COLORS.map(({ name, value }) => (
          <MenuItem key={value} icon={<Dot color={value} />} hint={value === color ? '✓' : undefined} onSelect={() => onChange(value)}>
            {t(`color.${name}`)}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => custom.current?.click()}>{t('color.custom')}</MenuItem>
      </Menu>
      <input
        // The browser reports each colour on the way there as `input`; `change` comes when the picker is closed.
        ref={(input) => {
          custom.current = input;
          const report = () => input && onChange(input.value);
          input?.addEventListener('change', report);
          return () => input?.removeEventListener('change', report);
        }}
        type="color"
        className={css.customColor}
        defaultValue={color}
        key={color}
        tabIndex={-1}
        aria-hidden="true"
      />
    </span>
  );
}
