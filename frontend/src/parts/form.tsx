import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Failure } from '../lib/client';

export interface FormState {
  busy: Signal<boolean>;
  /** The errors by field; "" is the error of the whole form. */
  errors: Signal<Record<string, string>>;
}

/** The state of a form that has not been sent yet. */
export function useForm(): FormState {
  return { busy: useSignal(false), errors: useSignal({}) };
}

interface Props {
  state: FormState;
  /** The names of the fields that show their own errors. Other errors are shown below the form. */
  fields?: readonly string[];
  class?: string;
  label?: string;
  onSubmit: () => Promise<void>;
  children: ComponentChildren;
}

/** A form that sends one request at a time. The server's errors are shown at their fields, and the first such field gets the focus. */
export function Form({ state, fields = [], label, onSubmit, children, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (state.busy.value) return;
    state.busy.value = true;
    state.errors.value = {};
    try {
      await onSubmit();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      state.errors.value = sorted(error, fields);
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    } finally {
      state.busy.value = false;
    }
  }
  return (
    <form ref={form} noValidate aria-label={label} onSubmit={submit} {...rest}>
      {children}
      <div role="alert" class="form-error">{state.errors.value[''] && <p class="error">{state.errors.value['']}</p>}</div>
    </form>
  );
}

function sorted(error: Failure, fields: readonly string[]): Record<string, string> {
  const own = Object.entries(error.fields).filter(([name]) => fields.includes(name));
  const others = Object.entries(error.fields).filter(([name]) => !fields.includes(name)).map(([name, message]) => `${name}: ${message}`);
  if (!own.length && !others.length) others.push(error.message);
  return { ...Object.fromEntries(own), ...(others.length && { '': others.join(' ') }) };
}
