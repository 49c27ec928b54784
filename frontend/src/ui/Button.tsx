import type { ButtonHTMLAttributes, Ref } from 'react';
import css from './ui.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'plain' | 'primary' | 'danger' | 'ghost';
  /** While its work is under way; it keeps the focus and does nothing. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', busy = false, className = '', type = 'button', onClick, ...props }: Props) {
  const kind = look === 'plain' ? '' : css[look];
  return (
    <button
      type={type}
      className={`${css.button} ${kind} ${className}`}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...props}
    />
  );
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, className = '', type = 'button', ...props }: IconProps) {
  return <button type={type} className={`${css.iconButton} ${className}`} aria-label={label} title={label} {...props} />;
}
