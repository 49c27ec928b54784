import { useState, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { explain } from './explain.ts';
import css from './ui.module.css';

interface Props {
  title: string;
  /** What the action does and what it leaves as it is. */
  children?: ReactNode;
  /** The action in words, as on the button that led here. */
  action: string;
  /** The button that does nothing; "Cancel" if left out. */
  stay?: string;
  /** Nothing is deleted or ended. */
  isHarmless?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  /** Why the action failed, in the words of its place; the usual explanation if undefined. */
  because?: (problem: ApiProblem) => string | undefined;
}

/** Asks before an action that can't be undone. It stays open until the action has succeeded and shows why it didn't. */
export function Confirm({ title, children, action, stay, isHarmless = false, onConfirm, onClose, because }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {problem !== null && (
        <p role="alert" className={css.error}>
          {because?.(problem) ?? explain(problem)}
        </p>
      )}
      <div className={css.dialogFoot}>
        <Button onClick={onClose}>{stay ?? t('common.cancel')}</Button>
        <Button look={isHarmless ? 'primary' : 'danger'} autoFocus busy={busy} onClick={() => void run()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
