import { useId, useState, type InputHTMLAttributes, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import ui from '../ui/ui.module.css';
import css from './auth.module.css';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: string;
  name: string;
  autoComplete: 'current-password' | 'new-password';
  /** The rules, until an error says which is broken. */
  hint?: string;
  error?: string | undefined;
}

/** A password that can be shown, with a word when Caps Lock is on. */
export function PasswordField({ label, hint, error, ...input }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const [isCaps, setIsCaps] = useState(false);
  const onKey = (event: KeyboardEvent) => setIsCaps(event.getModifierState('CapsLock'));
  const note = error ?? hint;
  const notes = [note !== undefined && `${id}-note`, isCaps && `${id}-caps`].filter(Boolean);
  return (
    <div className={ui.field}>
      <label className={ui.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.password}>
        <input
          {...input}
          id={id}
          type={isShown ? 'text' : 'password'}
          className={ui.input}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={notes.length === 0 ? undefined : notes.join(' ')}
          onKeyDown={onKey}
          onKeyUp={onKey}
          onBlur={() => setIsCaps(false)}
        />
        <button
          type="button"
          className={css.reveal}
          aria-label={t(isShown ? 'auth.hidePassword' : 'auth.showPassword')}
          title={t(isShown ? 'auth.hidePassword' : 'auth.showPassword')}
          aria-pressed={isShown}
          onClick={() => setIsShown((now) => !now)}
        >
          <Icon name={isShown ? 'eyeOff' : 'eye'} />
        </button>
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} className={error === undefined ? ui.hint : ui.error}>
          {note}
        </p>
      )}
      {isCaps && (
        <p id={`${id}-caps`} className={ui.hint} role="status">
          {t('auth.capsLock')}
        </p>
      )}
    </div>
  );
}
