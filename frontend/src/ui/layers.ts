/**
 * What lies over the page, such as a dialog or a menu: Back closes the uppermost and stays at the address, as Escape
 * does. Each has an entry of its own in the history, also where there is none before the page's. When it closes
 * otherwise, the page goes back over its entry.
 */
import { useEffect, useEffectEvent } from 'react';
import { depth, goBack, LAYERS, onArrival } from '../shell/history.ts';
import { close as closeStage, stage } from './stage.ts';

/** What closes each, the uppermost last. */
const layers: (() => void)[] = [];

/** The address of the page's entry, and the one since then: a filter may be set in a menu. */
let below = '';
let address = '';

/** Brings the entries in line with what is open. */
function settle(): void {
  if (onArrival(settle)) return;
  const from = depth();
  if (layers.length < from) {
    goBack(from - layers.length);
    onArrival(settle);
    return;
  }
  if (layers.length === from) return;
  if (from === 0) below = location.href;
  address = location.href;
  for (let n = from + 1; n <= layers.length; n++) {
    history.pushState({ ...(history.state as object | null), [LAYERS]: n }, '');
  }
}

function onPop(): void {
  // Before anything reads the address.
  if (location.href === below && address !== below) history.replaceState(history.state, '', address);
  const to = depth();
  if (to === 0) below = address = '';
  if (onArrival(settle)) return;
  // After Forward, nothing is open that the entry could stand for.
  // Later: what is added to this event now is called by it in some browsers, and not in others.
  if (to > layers.length) setTimeout(settle);
  else for (const close of layers.slice(to).reverse()) close();
  // What is still being loaded has no entry yet: at least it doesn't appear over another page.
  if (to === 0 && stage.get() !== null) closeStage();
}

addEventListener('popstate', onPop, { capture: true });
// As wouter names it.
addEventListener('replaceState', () => {
  if (depth() > 0) address = location.href;
});

/** For as long as it is mounted, Back closes it. */
export function Layer({ onClose }: { onClose: () => void }) {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const layer = () => close();
    layers.push(layer);
    // Where one takes the place of another, its entry stays.
    queueMicrotask(settle);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      queueMicrotask(settle);
    };
  }, []);
  return null;
}
