import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { isInEditor } from './keys.ts';
import { Layer } from './layers.ts';
import css from './ui.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What the dialog is for, when the title doesn't say it. */
  description?: string;
}

export function Dialog({ title, description, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Layer onClose={onClose} />
      <Radix.Portal>
        <Radix.Overlay className={css.overlay} />
        <Radix.Content
          className={css.dialog}
          onEscapeKeyDown={(event) => {
            // The first Escape leaves the editor; the dialog closes with the next one.
            if (isInEditor(document.activeElement)) event.preventDefault();
          }}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <div className={css.dialogHead}>
            <Radix.Title className={css.dialogTitle}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('common.close')}>
                <Icon name="close" />
              </IconButton>
            </Radix.Close>
          </div>
          <div className={css.dialogBody}>
            {description !== undefined && (
              <Radix.Description className={css.hint} dir="auto">
                {description}
              </Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
