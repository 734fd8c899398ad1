import { language, languages, shortcuts, theme, timeZone } from '../lib/preferences';
import { Field } from '../parts/field';
import { Segments } from '../parts/segments';
import { t } from '../text';

const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Theme, language, time zone and shortcuts, which this browser remembers. */
export function Browser() {
  return (
    <section class="card stack">
      <h2>{t.settings.look}</h2>
      <div class="field">
        <span class="legend">{t.settings.theme}</span>
        <div><Segments label={t.settings.theme} options={t.settings.themes} value={theme.value} onChange={(value) => { theme.value = value; }} /></div>
      </div>
      <Field label={t.settings.language}>
        {(control) => (
          <select {...control} value={language.value} onChange={(event) => { language.value = event.currentTarget.value as keyof typeof languages; location.reload(); }}>
            {Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{code ? name : t.settings.automatic}</option>)}
          </select>
        )}
      </Field>
      <Field label={t.settings.zone}>
        {(control) => (
          <select {...control} value={timeZone.value} onChange={(event) => { timeZone.value = event.currentTarget.value; }}>
            <option value="">{t.settings.systemZone(systemZone)}</option>
            {Intl.supportedValuesOf('timeZone').map((zone) => <option key={zone}>{zone}</option>)}
          </select>
        )}
      </Field>
      <label class="check">
        <input type="checkbox" checked={shortcuts.value === 'on'} onChange={(event) => { shortcuts.value = event.currentTarget.checked ? 'on' : 'off'; }} />
        {t.settings.shortcuts}
      </label>
    </section>
  );
}
