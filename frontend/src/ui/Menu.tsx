import { cloneElement, createContext, use, useState, type ReactElement, type ReactNode } from 'react';
import { onMenuKey } from './menu-keys.ts';
import { sayNotLoaded } from './notLoaded.ts';
import { later, NotLoaded } from './later.ts';
import css from './ui.module.css';

const loadParts = later(() => import('./menu-parts.ts'));

type Parts = Awaited<ReturnType<typeof loadParts>>;

const PartsContext = createContext<Parts | null>(null);

interface Props {
  trigger: ReactElement<{ onClick?: () => void; 'aria-haspopup'?: 'menu' }>;
  children: ReactNode;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
  /** What it lies in would cut it off or misplace it: `transform`, `content-visibility` and `contain` do. */
  isCutOff?: boolean;
}

/** A menu. What draws it is loaded with the first click on a menu, or before, when the page has nothing else to do. */
export function Menu({ trigger, children, side = 'bottom', align = 'start', isCutOff = false }: Props) {
  const [parts, setParts] = useState<Parts | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const load = () => {
    loadParts().then(
      (loaded) => {
        setParts(loaded);
        setIsOpen(true);
      },
      (error: unknown) => {
        if (!(error instanceof NotLoaded)) throw error;
        sayNotLoaded(error, load);
      },
    );
  };
  if (parts === null) return cloneElement(trigger, { onClick: load, 'aria-haspopup': 'menu' });
  const { Root, Trigger, Portal, Content, Layer } = parts;
  const content = (
    <Content className={css.pop} onKeyDownCapture={onMenuKey} side={side} align={align} sideOffset={4} collisionPadding={8}>
      <PartsContext value={parts}>{children}</PartsContext>
    </Content>
  );
  // Where it can, it stays in the landmark that it belongs to.
  return (
    <Root modal={false} open={isOpen} onOpenChange={setIsOpen}>
      {isOpen && <Layer onClose={() => setIsOpen(false)} />}
      <Trigger asChild>{trigger}</Trigger>
      {isCutOff ? <Portal>{content}</Portal> : content}
    </Root>
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
  const parts = use(PartsContext);
  if (parts === null) return null;
  return (
    <parts.Item className={css.item} onSelect={onSelect} disabled={disabled}>
      {icon}
      <span className={css.itemText} dir="auto">
        {children}
      </span>
      {hint !== undefined && <span className={css.itemHint}>{hint}</span>}
    </parts.Item>
  );
}

/** One of several, of which one holds. */
export function MenuChoice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; text: string; icon?: ReactNode; disabled?: boolean }[];
  onChange: (value: T) => void;
}) {
  const parts = use(PartsContext);
  if (parts === null) return null;
  return (
    <parts.RadioGroup value={props.value} onValueChange={(value: string) => props.onChange(value as T)}>
      <parts.Label className={css.groupLabel}>{props.label}</parts.Label>
      {props.options.map(({ value, text, icon, disabled = false }) => (
        <parts.RadioItem key={value} value={value} className={css.item} disabled={disabled}>
          {icon}
          <span className={css.itemText} dir="auto">
            {text}
          </span>
          <parts.ItemIndicator>
            <span aria-hidden="true">✓</span>
          </parts.ItemIndicator>
        </parts.RadioItem>
      ))}
    </parts.RadioGroup>
  );
}

export function MenuSeparator() {
  const parts = use(PartsContext);
  return parts && <parts.Separator className={css.separator} />;
}
