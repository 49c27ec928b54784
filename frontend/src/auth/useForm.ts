import { useState, type SyntheticEvent } from 'react';
import { asProblem, type ApiProblem } from '../api/problem.ts';

/** A form that is sent once at a time, and what was wrong with it. */
export function useForm<T = void>(send: (fields: FormData) => Promise<T>, done?: (result: T) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    setBusy(true);
    setProblem(null);
    send(new FormData(form))
      .then(
        (result) => done?.(result),
        (error: unknown) => {
          setProblem(asProblem(error));
          // After the fields say what is wrong with them.
          setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
        },
      )
      .finally(() => setBusy(false));
  };
  return { busy, problem, onSubmit };
}

/** A field's text as it was typed. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
