import { createElement, lazy, useState, type ComponentType, type ReactNode } from 'react';

export interface Part<Props> {
  (props: Props): ReactNode;
  /** Loads it ahead. */
  load: () => Promise<unknown>;
}

/**
 * A part of the page that is loaded when it is first drawn, or ahead. It is React's `lazy`, but for a part that is there
 * already: `lazy` lets even that wait, and React leaves what stands in for it on the screen for 300 ms.
 */
export function part<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>): Part<Props> {
  let loaded: ComponentType<Props> | undefined;
  const keep = async () => {
    const found = await load();
    loaded = found.default;
    return found;
  };
  const Late = lazy(keep);
  const Drawn = (props: Props) => {
    // It stays what it began as: another component would begin anew.
    const [component] = useState(() => loaded ?? Late);
    return createElement(component as ComponentType<Props>, props);
  };
  return Object.assign(Drawn, { load: keep });
}
