import type { KeyboardEvent } from 'react';
import { expect, it } from 'vitest';
import { onMenuKey } from './menu-keys.ts';

it('finds an item by its first letter, without its accent', () => {
  const menu = document.body.appendChild(document.createElement('div'));
  menu.setAttribute('role', 'menu');
  menu.innerHTML = '<button role="menuitem">Ann</button><button role="menuitem">Émile</button>';
  const [first, second] = menu.querySelectorAll('button');
  first?.focus();
  menu.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const rest = { preventDefault: () => undefined, stopPropagation: () => undefined };
    onMenuKey({ key, target, currentTarget: menu, nativeEvent: event, ...rest } as unknown as KeyboardEvent<HTMLElement>);
  });
  first?.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true }));
  expect(document.activeElement).toBe(second);
});
