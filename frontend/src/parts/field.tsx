import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  label: string;
  /** The error of the value. */
  error?: string | undefined;
  hint?: ComponentChildren;
  /** The control. It gets its ID and its description. */
  children: (control: { id: string; 'aria-invalid'?: 'true'; 'aria-describedby'?: string }) => JSX.Element;
}

/** A control with its label, its hint and its error. */
export function Field({ label, error, hint, children }: Props) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, ...(error && { 'aria-invalid': 'true' }), ...(described && { 'aria-describedby': described }) })}
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
