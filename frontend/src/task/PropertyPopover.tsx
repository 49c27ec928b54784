import * as Popover from '@radix-ui/react-popover';
import { Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import type { Task, TaskPatch } from '../api/types.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { Layer } from '../ui/layers.ts';
import { part } from '../ui/part.ts';
import type { Property } from '../ui/stage.ts';
import ui from '../ui/ui.module.css';
import css from './panel.module.css';
import type { NewLabel } from './useNewLabels.ts';

const PropertyOptions = part(() => import('./PropertyOptions.tsx'));

interface Props {
  team: string;
  task: Pick<Task, Property>;
  property: Property;
  onPatch: (fields: TaskPatch) => void;
  onNewLabel?: (label: NewLabel) => void;
  /** The value; null if there is none. */
  children: ReactNode;
  className?: string | undefined;
}

/** A property as a button that opens its values. */
export function PropertyPopover({ team, task, property, onPatch, onNewLabel, children, className = css.value }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      {isOpen && <Layer onClose={() => setIsOpen(false)} />}
      <Popover.Trigger className={className} data-empty={children === null || undefined} data-property={property}>
        <span className="visually-hidden">{t(`property.${property}`)}: </span>
        {children ?? t(`property.add_${property}`)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={`${ui.pop} ${css.pop}`}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t(`property.${property}`)}
        >
          <Boundary>
            <Suspense fallback={null}>
              <PropertyOptions
                team={team}
                task={task}
                property={property}
                onPatch={onPatch}
                onNewLabel={onNewLabel}
                onDone={() => setIsOpen(false)}
              />
            </Suspense>
          </Boundary>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
