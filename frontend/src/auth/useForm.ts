import { useState, type SyntheticEvent } from 'react';
import { asProblem, type ApiProblem } from '../api/problem.ts';

export type FieldErrors = Readonly<Record<string, string | undefined>>;

interface Options<T> {
  /** What is wrong with the fields, by name; nothing is sent while there is anything. */
  check?: (fields: FormData) => FieldErrors;
  send: (fields: FormData) => Promise<T>;
  done?: (result: T) => void;
  /** What a refusal says about single fields, by name. */
  refused?: (problem: ApiProblem, fields: FormData) => FieldErrors;
}

/**
 * A form that is sent once at a time. What is wrong with a field stands beside it until the field is changed; what is
 * typed stays. `problem` is what isn't about a field.
 */
export function useForm<T = void>({ check, send, done, refused }: Options<T>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [errors, setErrors] = useState<FieldErrors>({});

  const show = (form: HTMLFormElement, found: FieldErrors) => {
    setErrors(found);
    const first = Array.from(form.elements).find((element) => 'name' in element && found[String(element.name)] !== undefined);
    // After the field says what is wrong with it.
    if (first instanceof HTMLElement) setTimeout(() => first.focus());
  };

  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    setProblem(null);
    const found = check?.(fields) ?? {};
    show(form, found);
    if (hasAny(found)) return;
    setBusy(true);
    send(fields)
      .then(
        (result) => done?.(result),
        (error: unknown) => {
          const why = asProblem(error);
          const about = refused?.(why, fields) ?? {};
          if (hasAny(about)) show(form, about);
          else setProblem(why);
        },
      )
      .finally(() => setBusy(false));
  };

  const onChange = (event: SyntheticEvent<HTMLFormElement>) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    const { name } = target;
    if (errors[name] !== undefined) setErrors((now) => ({ ...now, [name]: undefined }));
    setProblem(null);
  };

  return { busy, problem, errors, form: { onSubmit, onChange, noValidate: true } };
}

function hasAny(errors: FieldErrors): boolean {
  return Object.values(errors).some((error) => error !== undefined);
}

/** A field's text as it was typed. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
