/** What a blur does must not move the thing that is being clicked: it waits for the click. */

let isDown = false;

addEventListener('pointerdown', () => (isDown = true), true);
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => (isDown = false), true);

/** Runs at once, or, while a pointer is pressed, after the click that it makes. */
export function afterClick(run: () => void): void {
  if (!isDown) {
    run();
    return;
  }
  const done = () => {
    removeEventListener('pointerup', done, true);
    removeEventListener('pointercancel', done, true);
    setTimeout(run);
  };
  addEventListener('pointerup', done, true);
  addEventListener('pointercancel', done, true);
}
