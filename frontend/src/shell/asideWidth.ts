/** The width that the viewer has given to what stands beside the page, in px; kept in this browser. */
export const LEAST_PX = 340;
export const MOST_PX = 900;
const DEFAULT_PX = 500;
const KEY = 'taskhub.asideWidth';

export function within(width: number): number {
  return Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, width)));
}

export function keptWidth(): number {
  try {
    const kept = Number(localStorage.getItem(KEY));
    return kept > 0 ? within(kept) : DEFAULT_PX;
  } catch {
    return DEFAULT_PX;
  }
}

export function keepWidth(width: number): void {
  try {
    localStorage.setItem(KEY, String(width));
  } catch {
    // Without storage it holds for this visit.
  }
}
