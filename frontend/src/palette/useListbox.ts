import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { isComposing } from '../ui/composing.ts';

interface Settings {
  /** What the field is for, as its accessible name. */
  label: string;
  ids: readonly string[];
  onChoose: (id: string) => void;
  /** Whether Enter takes the first option if no other was picked. */
  takesFirst: boolean;
  isOpen?: boolean;
}

/** A field with a list of options under it, by arrows, Enter and pointer; the focus stays in the field. */
export function useListbox({ label, ids, onChoose, takesFirst, isOpen = true }: Settings) {
  const base = useId();
  const [picked, setPicked] = useState<{ id: string; byKey: boolean } | null>(null);
  const first = takesFirst ? (ids[0] ?? null) : null;
  const active = picked !== null && ids.includes(picked.id) ? picked.id : first;
  const listId = `${base}list`;
  const domId = (id: string) => `${base}${ids.indexOf(id)}`;
  const activeDomId = isOpen && active !== null ? domId(active) : undefined;
  const scrollTo = picked?.byKey === true ? activeDomId : undefined;

  useEffect(() => {
    if (scrollTo !== undefined) document.getElementById(scrollTo)?.scrollIntoView({ block: 'nearest' });
  }, [scrollTo]);

  /** Gives whether the key was the list's. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (isComposing(event) || !isOpen || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (event.key === 'Enter' && active !== null) {
      event.preventDefault();
      onChoose(active);
      return true;
    }
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || ids.length === 0) return false;
    event.preventDefault();
    const at = active === null ? -1 : ids.indexOf(active);
    const step = event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1;
    const next = ids.at((at + step + ids.length) % ids.length);
    if (next !== undefined) setPicked({ id: next, byKey: true });
    return true;
  };

  return {
    active,
    /** Back to the first option, or none: the list has changed. */
    reset: () => setPicked(null),
    onKeyDown,
    field: {
      role: 'combobox' as const,
      'aria-label': label,
      'aria-autocomplete': 'list' as const,
      'aria-expanded': isOpen,
      'aria-controls': isOpen ? listId : undefined,
      'aria-activedescendant': activeDomId,
      autoComplete: 'off',
      spellCheck: false,
    },
    list: { role: 'listbox' as const, id: listId, 'aria-label': label, tabIndex: -1 },
    option: (id: string) => ({
      role: 'option' as const,
      id: domId(id),
      'data-selected': id === active,
      'aria-selected': id === active,
      onPointerMove: () => {
        if (id !== active) setPicked({ id, byKey: false });
      },
      // The focus stays in the field.
      onPointerDown: (event: { preventDefault: () => void }) => event.preventDefault(),
      onMouseDown: (event: { preventDefault: () => void }) => event.preventDefault(),
      onClick: () => onChoose(id),
    }),
  };
}
