import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { m } from '../text';
import type { Scope } from './key';
import { grantable } from './scopes';

/** Checkboxes for the scopes that the caller may give to a key. */
export function ScopeBoxes({ chosen, error }: { chosen: Signal<ReadonlySet<Scope>>; error: string | undefined }) {
  const id = useId();
  const set = (scope: Scope, on: boolean): void => {
    const scopes = new Set(chosen.value);
    scopes[on ? 'add' : 'delete'](scope);
    chosen.value = scopes;
  };
  return (
    <fieldset aria-describedby={error ? id : undefined}>
      <legend class="legend">{m.apiKeys.scopes}</legend>
      <div class="scope-boxes">
        {grantable().map(({ label, scopes }, group) => (
          <div key={label} role="group" aria-label={label}>
            <span>{label}</span>
            {scopes.map(({ scope, label: name }, i) => (
              <label key={scope} class="check" title={scope}>
                <input type="checkbox" checked={chosen.value.has(scope)} {...(error && group + i === 0 && { 'aria-invalid': 'true' })} onChange={(event) => set(scope, event.currentTarget.checked)} />
                {name}
              </label>
            ))}
          </div>
        ))}
      </div>
      {error && <p class="error" id={id}>{error}</p>}
    </fieldset>
  );
}
