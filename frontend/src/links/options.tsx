import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { Field } from '../parts/field';
import { m, t } from '../text';
import { availability, type Availability } from './availability';
import type { Draft } from './draft';
import { DetailFields, LimitFields, UTMFields } from './fields';

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  errors: Record<string, string>;
}

/** The options of a new link besides its address. */
export function Options({ draft, set, errors }: Props) {
  const found = useSignal<Availability>('unknown');
  const code = draft.private ? '' : draft.code.trim();
  useEffect(() => {
    found.value = 'unknown';
    if (!code) return;
    const timer = setTimeout(async () => { found.value = await availability(code); }, 300);
    return () => clearTimeout(timer);
  }, [code]);
  const hint = found.value === 'free' ? m.links.free(`${location.host}/${code}`) : m.links.codeHint;
  const error = errors['code'] ?? { taken: t.links.taken, invalid: m.links.badCode, free: undefined, unknown: undefined }[found.value];
  return (
    <div class="stack options">
      <div class="fields">
        <Field label={m.links.code} hint={<span role="status">{hint}</span>} error={error}>
          {(control) => <input {...control} maxLength={64} autocomplete="off" autoCapitalize="none" spellcheck={false} disabled={draft.private} value={draft.code} onInput={(event) => set({ code: event.currentTarget.value })} />}
        </Field>
        <label class="check beside">
          <input type="checkbox" checked={draft.private} onChange={(event) => set(event.currentTarget.checked ? { private: true, code: '' } : { private: false })} />
          {m.links.private}
        </label>
      </div>
      <DetailFields draft={draft} set={set} errors={errors} />
      <details class="group"><summary>{m.links.limits}</summary><LimitFields draft={draft} set={set} errors={errors} /></details>
      <details class="group"><summary>{m.links.utm}</summary><UTMFields draft={draft} set={set} errors={errors} /></details>
    </div>
  );
}
