import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Boundary } from './Boundary.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let place: HTMLDivElement;
let root: ReturnType<typeof createRoot>;
let isBroken: boolean;

function Part(): ReactNode {
  if (isBroken) throw new Error('broken');
  return 'works';
}

const draw = (node: ReactNode) => act(() => root.render(node));

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  isBroken = true;
  place = document.createElement('div');
  root = createRoot(place);
});

afterEach(() => vi.restoreAllMocks());

it('lets the rest live, says what failed, and tries again', () => {
  draw(
    <>
      <Boundary>
        <Part />
      </Boundary>
      <p>the rest</p>
    </>,
  );
  expect(place.textContent).toContain('This part of the page failed');
  expect(place.textContent).toContain('the rest');
  isBroken = false;
  act(() => place.querySelector('button')?.click());
  expect(place.textContent).toContain('works');
});

it('forgets the failure when the user has gone elsewhere', () => {
  draw(
    <Boundary at="/a">
      <Part />
    </Boundary>,
  );
  isBroken = false;
  draw(
    <Boundary at="/b">
      <Part />
    </Boundary>,
  );
  expect(place.textContent).toBe('works');
});

it('shows nothing for a part that the page can do without', () => {
  draw(
    <Boundary frame={null}>
      <Part />
    </Boundary>,
  );
  expect(place.textContent).toBe('');
});
