import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { bare } from '../lib/format';
import { IdempotencyKeys } from '../lib/idempotency';
import { typing, useKeys } from '../lib/keys';
import { lazy } from '../lib/lazy';
import { address, setQuery } from '../lib/router';
import { changed } from '../lib/tabs';
import { CopyButton } from '../parts/copy-button';
import { Form, useForm } from '../parts/form';
import { t } from '../text';
import { draftFields, emptyDraft, newLink, type Draft, type Link } from './draft';
import { open } from './open';

const Options = lazy(async () => (await import('./options')).Options);
const Several = lazy(async () => (await import('./several')).Several);

/** Creates a link from one line, with options below it, or several links at once. */
export function CreateForm({ onMade }: { onMade: (links: Link[]) => void }) {
  const mode = useSignal<'line' | 'options' | 'several'>('line');
  const draft = useSignal(emptyDraft());
  const made = useSignal<Link | undefined>(undefined);
  const form = useForm();
  const keys = useMemo(() => new IdempotencyKeys(), []);
  const field = useRef<HTMLInputElement>(null);
  const set = (change: Partial<Draft>): void => { draft.value = { ...draft.value, ...change }; };
  useKeys({ c: () => field.current?.focus() });
  useEffect(() => { // an address that another app shares with this one, see manifest.webmanifest
    const { title, text, url, ...others } = Object.fromEntries(address.value.searchParams);
    const shared = /https?:\/\/\S+/i.exec(`${url} ${text} ${title}`)?.[0];
    if (!shared) return;
    set({ url: shared });
    setQuery(others);
  }, []);
  useEffect(() => { // an address that is pasted anywhere goes into the form
    const paste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text').trim() ?? '';
      if (typing(event.target) || document.querySelector('dialog[open]') || !/^https?:\/\/\S+$/i.test(text)) return;
      event.preventDefault();
      set({ url: text });
      field.current?.focus();
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);

  async function submit(): Promise<void> {
    made.value = undefined;
    const body = newLink(draft.value);
    if (!body.url) throw new Failure(0, t.links.noUrl, { url: t.links.noUrl });
    try {
      const { data } = await call('post', '/api/links', { body, headers: { 'Idempotency-Key': keys.for(body) } });
      made.value = data;
    } catch (error) {
      if (error instanceof Failure && error.status === 409) throw new Failure(409, error.message, { code: t.links.taken });
      throw error;
    }
    keys.complete();
    draft.value = emptyDraft();
    mode.value = 'line';
    if (made.value) onMade([made.value]);
    changed('links');
    field.current?.focus();
  }

  if (mode.value === 'several') return <Several onClose={() => { mode.value = 'line'; }} />;
  const { errors, busy } = form;
  const options = mode.value === 'options';
  return (
    <Form state={form} fields={draftFields} class="card quick" label={t.links.keyNew} onSubmit={submit}>
      <div class="line">
        <input ref={field} type="text" inputMode="url" autocomplete="off" autoCapitalize="none" spellcheck={false} aria-label={t.links.url} placeholder={t.links.paste} value={draft.value.url} aria-invalid={errors.value['url'] ? 'true' : undefined} aria-describedby={errors.value['url'] ? 'url-error' : undefined} onInput={(event) => set({ url: event.currentTarget.value })} />
        <button type="button" class="opt" aria-expanded={options} onClick={() => { mode.value = options ? 'line' : 'options'; }}>{t.links.options}</button>
        <button class="primary" disabled={busy.value}>{t.links.shorten}</button>
      </div>
      {errors.value['url'] && <p class="error" id="url-error">{errors.value['url']}</p>}
      {options && <Options draft={draft.value} set={set} errors={errors.value} />}
      {options && <p><button type="button" class="as-link" onClick={() => { mode.value = 'several'; }}>{t.links.several}</button></p>}
      <div role="status">{made.value && <Made link={made.value} />}</div>
    </Form>
  );
}

function Made({ link }: { link: Link }) {
  const short = bare(link.shortUrl);
  return (
    <p class="row made">
      <span>{t.links.ready(short)}</span>
      <CopyButton class="small" text={link.shortUrl} what={short} />
      <button type="button" class="small plain" onClick={() => open('qr', link)}>{t.links.qrCode}</button>
    </p>
  );
}
