/** Components that are loaded when they are needed, or ahead. */
import { createElement, lazy, useState, type ComponentType, type ReactNode } from 'react';
import { later, type Load } from './later.ts';

export interface Part<Props> {
  (props: Props): ReactNode;
  load: Load<unknown>;
}

/**
 * A component that is loaded when it is first drawn, or ahead. It is React's `lazy`, but for a part that is there
 * already: `lazy` lets even that wait, and React leaves what stands in for it on the screen for 300 ms.
 */
export function part<Props extends object>(load: Load<{ default: ComponentType<Props> }>): Part<Props> {
  let loaded: ComponentType<Props> | undefined;
  const keep = later(async () => {
    const found = await load();
    loaded = found.default;
    return found;
  });
  // It keeps a failure; `Boundary` draws the part anew when it is there.
  const Late = lazy(keep);
  const Drawn = (props: Props) => {
    // It stays what it began as: another component would begin anew.
    const [component] = useState(() => loaded ?? Late);
    return createElement(component as ComponentType<Props>, props);
  };
  return Object.assign(Drawn, { load: keep });
}
