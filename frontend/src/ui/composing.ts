/** Whether a key belongs to an input method (Japanese, Chinese, Korean, dead keys …) rather than to the page. */

interface Key {
  readonly keyCode: number;
  readonly timeStamp: number;
  readonly isComposing?: boolean;
  readonly nativeEvent?: { readonly isComposing: boolean };
}

/** What browsers report as the code of a key that an input method has taken. */
const TAKEN = 229;

let lastEnd = -Infinity;

addEventListener('compositionend', (event) => (lastEnd = event.timeStamp), true);

/**
 * Ask this first in every `keydown` handler that acts on Enter, Escape, Tab, arrows or letters, and do nothing while it
 * is true. Takes DOM and React events. Safari ends the composition before it reports the Enter that ended it: such a
 * key was pressed before the composition's end.
 */
export function isComposing(event: Key): boolean {
  return (
    (event.nativeEvent?.isComposing ?? event.isComposing) === true ||
    event.keyCode === TAKEN ||
    event.timeStamp <= lastEnd
  );
}

/**
 * Keys that libraries act on without asking: Escape closes Radix's dialogs, popovers and menus, and Tab moves the focus
 * within them. On `window` and in the capture phase this comes before all of them.
 */
addEventListener(
  'keydown',
  (event) => {
    if ((event.key === 'Escape' || event.key === 'Tab') && isComposing(event)) event.stopImmediatePropagation();
  },
  true,
);
