import * as Radix from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import css from './ui.module.css';

interface Props {
  trigger: ReactNode;
  children: ReactNode;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
}

export function Menu({ trigger, children, side = 'bottom', align = 'start' }: Props) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={css.pop} side={side} align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ItemProps {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

export function MenuItem({ onSelect, icon, hint, children, disabled = false }: ItemProps) {
  return (
    <Radix.Item className={css.item} onSelect={onSelect} disabled={disabled}>
      {icon}
      <span className={css.itemText}>{children}</span>
      {hint !== undefined && <span className={css.itemHint}>{hint}</span>}
    </Radix.Item>
  );
}

/** One of several, of which one holds. */
export function MenuChoice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; text: string; disabled?: boolean }[];
  onChange: (value: T) => void;
}) {
  return (
    <Radix.RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      <Radix.Label className={css.groupLabel}>{props.label}</Radix.Label>
      {props.options.map(({ value, text, disabled = false }) => (
        <Radix.RadioItem key={value} value={value} className={css.item} disabled={disabled}>
          <span className={css.itemText}>{text}</span>
          <Radix.ItemIndicator>
            <span aria-hidden="true">✓</span>
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className={css.separator} />;
}
