import { Field } from '../parts/field';
import { m } from '../text';
import { utmFields, type Draft } from './draft';

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  errors: Record<string, string>;
}

type TextName = 'title' | 'tags' | 'expiresAt' | 'notBefore' | 'maxClicks' | 'expiredUrl';

/** An input for a text field of the draft. */
function TextField({ draft, set, errors, name, label, hint, type = 'text', ...rest }: Props & { name: TextName; label: string; hint?: string; type?: 'text' | 'number' | 'datetime-local'; min?: number; maxLength?: number }) {
  return (
    <Field label={label} hint={hint} error={errors[name]}>
      {(control) => <input {...control} {...rest} type={type as 'text'} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />}
    </Field>
  );
}

/** Title, tags and note. */
export function DetailFields(props: Props) {
  const { draft, set, errors } = props;
  return (
    <div class="fields">
      <TextField {...props} name="title" label={m.links.linkTitle} maxLength={200} />
      <TextField {...props} name="tags" label={m.links.tags} hint={m.links.tagsHint} />
      <div class="whole"><Field label={m.links.note} hint={m.links.noteHint} error={errors['note']}>
        {(control) => <textarea {...control} rows={2} maxLength={2000} value={draft.note} onInput={(event) => set({ note: event.currentTarget.value })} />}
      </Field></div>
    </div>
  );
}

/** When and for whom the link works, and how it redirects. */
export function LimitFields(props: Props & { hasPassword?: boolean }) {
  const { draft, set, errors, hasPassword } = props;
  return (
    <div class="fields">
      <TextField {...props} name="expiresAt" type="datetime-local" label={m.links.expiresAt} />
      <TextField {...props} name="notBefore" type="datetime-local" label={m.links.notBefore} />
      <TextField {...props} name="maxClicks" type="number" min={1} label={m.links.maxClicks} />
      <TextField {...props} name="expiredUrl" label={m.links.expiredUrl} hint={m.links.expiredUrlHint} />
      <Field label={m.links.password} hint={hasPassword ? m.links.passwordSet : undefined} error={errors['password']}>
        {(control) => <input {...control} type="password" autocomplete="new-password" maxLength={200} disabled={draft.removePassword} value={draft.password} onInput={(event) => set({ password: event.currentTarget.value })} />}
      </Field>
      <Field label={m.links.redirect} error={errors['redirect']}>
        {(control) => (
          <select {...control} value={draft.redirect} onChange={(event) => set({ redirect: event.currentTarget.value })}>
            {['302', '301', '307', '308'].map((status) => <option key={status} value={status}>{(m.links.redirects as Record<string, string>)[status]}</option>)}
          </select>
        )}
      </Field>
      {hasPassword && (
        <label class="check">
          <input type="checkbox" checked={draft.removePassword} onChange={(event) => set({ removePassword: event.currentTarget.checked, password: '' })} />
          {m.links.passwordRemove}
        </label>
      )}
      <label class="check">
        <input type="checkbox" checked={draft.forwardQuery} onChange={(event) => set({ forwardQuery: event.currentTarget.checked })} />
        {m.links.forwardQuery}
      </label>
    </div>
  );
}

/** The parameters of a campaign, with the resulting address. */
export function UTMFields({ draft, set }: Props) {
  const preview = withUTM(draft);
  return (
    <div class="stack">
      <p class="hint">{m.links.utmHint}</p>
      <div class="fields">
        {utmFields.map((name) => (
          <Field key={name} label={m.links.utmFields[name]}>
            {(control) => <input {...control} maxLength={200} autocomplete="off" value={draft.utm[name] ?? ''} onInput={(event) => set({ utm: { ...draft.utm, [name]: event.currentTarget.value } })} />}
          </Field>
        ))}
      </div>
      {preview && <p class="minor"><span class="muted">{m.links.utmPreview}</span> <code>{preview}</code></p>}
    </div>
  );
}

function withUTM({ url, utm }: Draft): string {
  const given = utmFields.filter((name) => utm[name]?.trim());
  const full = /^https?:/i.test(url) ? url : `https://${url}`;
  if (!given.length || !URL.canParse(full)) return '';
  const address = new URL(full);
  for (const name of given) address.searchParams.set(`utm_${name}`, utm[name]?.trim() ?? '');
  return address.href;
}
