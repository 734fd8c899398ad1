import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { address, go } from '../lib/router';
import { changed } from '../lib/tabs';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { toast } from '../parts/toasts';
import { m, t } from '../text';
import { nameOf } from './actions';
import { carryOver, draftFields, draftOf, linkEdit, type Draft, type Link } from './draft';
import { DetailFields, LimitFields, UTMFields } from './fields';
import { pageOf } from './menu';
import { close, open } from './open';

/** The drafts of dialogs that were closed without saving, by link ID. */
const kept = new Map<string, { before: Draft; draft: Draft; etag: string }>();

/** Changes a link. Closing the dialog keeps the draft for the next time. */
export function EditDialog({ link }: { link: Link }) {
  const earlier = kept.get(link.id);
  const before = useSignal(earlier?.before ?? draftOf(link));
  const draft = useSignal(before.value);
  const etag = useSignal(earlier?.etag ?? '');
  const stale = useSignal('');
  const form = useForm();
  if (earlier && draft.peek() === earlier.before) draft.value = earlier.draft;
  const set = (change: Partial<Draft>): void => { draft.value = { ...draft.value, ...change }; };
  useEffect(() => { if (!etag.value) void refresh().catch(() => {}); }, []); // the list may be out of date

  /** Loads the current version of the link and keeps the person's changes. Returns the fields that others have changed. */
  async function refresh(): Promise<string[]> {
    const answer = await call('get', '/api/links/{code}', { path: { code: link.code } });
    if (!answer.data) return [];
    const now = draftOf(answer.data);
    const differs = (Object.keys(now) as (keyof Draft)[]).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before.value[name]));
    draft.value = carryOver(before.value, draft.value, now);
    before.value = now;
    etag.value = answer.etag;
    return differs;
  }

  async function submit(): Promise<void> {
    stale.value = '';
    const body = linkEdit(before.value, draft.value);
    if (!Object.keys(body).length) return done();
    try {
      const { data } = await call('patch', '/api/links/{code}', { path: { code: link.code }, body, headers: { 'If-Match': etag.value || undefined } });
      done();
      if (data) {
        toast(m.links.saved(nameOf(data)));
        if (address.value.pathname === pageOf(link) && data.code !== link.code) go(pageOf(data), 'replace');
      }
      changed('links');
    } catch (error) {
      if (error instanceof Failure && error.status === 409 && 'code' in body) throw new Failure(409, error.message, { code: t.links.taken });
      if (!(error instanceof Failure) || error.status !== 412) throw error;
      const fields = (await refresh()).map((name) => m.links.fields[name] ?? name);
      stale.value = fields.length ? m.links.stale(fields.join(', ')) : m.links.staleSame;
    }
  }

  function done(): void {
    kept.delete(link.id);
    close();
  }

  function cancel(): void {
    kept.delete(link.id);
    if (Object.keys(linkEdit(before.value, draft.value)).length) {
      kept.set(link.id, { before: before.value, draft: draft.value, etag: etag.value });
      toast(m.links.draftKept, { label: m.links.goOn, act: () => open('edit', link) });
    }
    close();
  }

  const props = { draft: draft.value, set, errors: form.errors.value };
  return (
    <Dialog title={m.links.editTitle} wide onClose={cancel}>
      <Form state={form} fields={draftFields} class="stack" label={m.links.editTitle} onSubmit={submit}>
        <div role="alert">{stale.value && <p class="banner">{stale.value}</p>}</div>
        <Field label={t.links.url} error={props.errors['url']}>
          {(control) => <input {...control} inputMode="url" autocomplete="off" spellcheck={false} value={draft.value.url} onInput={(event) => set({ url: event.currentTarget.value })} />}
        </Field>
        <Field label={m.links.code} error={props.errors['code']}>
          {(control) => <input {...control} maxLength={64} autocomplete="off" autoCapitalize="none" spellcheck={false} value={draft.value.code} onInput={(event) => set({ code: event.currentTarget.value })} />}
        </Field>
        <DetailFields {...props} />
        <details class="group" open={Boolean(link.expiresAt ?? link.notBefore ?? link.maxClicks ?? link.expiredUrl) || link.hasPassword}><summary>{m.links.limits}</summary><LimitFields {...props} hasPassword={link.hasPassword} /></details>
        <details class="group" open={Object.keys(link.utm).length > 0}><summary>{m.links.utm}</summary><UTMFields {...props} /></details>
        <div class="row end">
          {kept.has(link.id) && <button type="button" class="plain" onClick={done}>{m.links.discard}</button>}
          <button type="button" onClick={cancel}>{m.parts.cancel}</button>
          <button class="primary" disabled={form.busy.value}>{m.links.save}</button>
        </div>
      </Form>
    </Dialog>
  );
}
