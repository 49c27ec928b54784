import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { elementWith } from '../testing.ts';
import { useChosen } from './useChosen.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test('a choice counts while an earlier one is on its way, also the one that is still saved', async () => {
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const save = (value: string) => {
    sent.push(value);
    return new Promise<void>((done) => answers.push(done));
  };
  function Choices() {
    const [shown, choose] = useChosen<string>('red', save);
    return ['red', 'green'].map((value) => (
      <button key={value} id={value} aria-pressed={value === shown} onClick={() => choose(value)} />
    ));
  }
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() => root.render(<Choices />));
  const shown = () => elementWith('[aria-pressed=true]').id;
  act(() => elementWith('#red').click());
  expect(sent).toEqual([]);
  act(() => elementWith('#green').click());
  expect(shown()).toBe('green');
  act(() => elementWith('#red').click());
  expect(sent).toEqual(['green', 'red']);
  // The earlier answer doesn't end the later choice.
  await act(() => Promise.resolve(answers[0]?.()));
  await act(() => Promise.resolve(answers[1]?.()));
  expect(shown()).toBe('red');
  act(() => root.unmount());
});
