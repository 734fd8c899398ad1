import { language, languages, shortcuts, theme, timeZone } from '../lib/preferences';
import { Field } from '../parts/field';
import { Segments } from '../parts/segments';
import { m } from '../text';

const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Theme, language, time zone and shortcuts, which this browser stores. */
export function Browser() {
  return (
    <section class="card stack">
      <h2>{m.settings.look}</h2>
      <div class="field">
        <span class="legend">{m.settings.theme}</span>
        <div><Segments label={m.settings.theme} options={m.settings.themes} value={theme.value} onChange={(value) => { theme.value = value; }} /></div>
      </div>
      <Field label={m.settings.language}>
        {(control) => (
          <select {...control} value={language.value} onChange={(event) => { language.value = event.currentTarget.value as keyof typeof languages; location.reload(); }}>
            {Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{code ? name : m.settings.automatic}</option>)}
          </select>
        )}
      </Field>
      <Field label={m.settings.zone}>
        {(control) => (
          <select {...control} value={timeZone.value} onChange={(event) => { timeZone.value = event.currentTarget.value; }}>
            <option value="">{m.settings.systemZone(systemZone)}</option>
            {Intl.supportedValuesOf('timeZone').map((zone) => <option key={zone}>{zone}</option>)}
          </select>
        )}
      </Field>
      <label class="check">
        <input type="checkbox" checked={shortcuts.value === 'on'} onChange={(event) => { shortcuts.value = event.currentTarget.checked ? 'on' : 'off'; }} />
        {m.settings.shortcuts}
      </label>
    </section>
  );
}
