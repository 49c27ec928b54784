/** What the user is doing, for what appears by itself: it takes the focus from nothing that loses by it. */

const IN_USE = '[role="menu"], [role="dialog"], [role="listbox"], input, textarea, select, [contenteditable]';

/** Whether the focus is in a menu, a dialog or a field, which would close or miss what is typed next. */
export function isInUse(): boolean {
  const { activeElement } = document;
  return activeElement !== null && activeElement.closest(IN_USE) !== null;
}
