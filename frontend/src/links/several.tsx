import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { IdempotencyKeys } from '../lib/idempotency';
import { changed } from '../lib/tabs';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { toast } from '../parts/toasts';
import { m, t } from '../text';

const MOST = 100; // links per request

/** Creates a link from each line. Refused lines stay in the form with their reasons. */
export function Several({ onClose }: { onClose: () => void }) {
  const text = useSignal('');
  const refused = useSignal<string[]>([]);
  const form = useForm();
  const keys = useMemo(() => new IdempotencyKeys(), []);
  const lines = text.value.split('\n').map((line) => line.trim()).filter(Boolean);

  async function submit(): Promise<void> {
    if (!lines.length) throw new Failure(0, m.links.noLines, { lines: m.links.noLines });
    if (lines.length > MOST) throw new Failure(0, m.links.tooMany, { lines: m.links.tooMany });
    const body = { items: lines.map((line) => ({ create: fromLine(line) })) };
    const { data } = await call('post', '/api/links/bulk', { body, headers: { 'Idempotency-Key': keys.for(body) } });
    keys.complete();
    const results = data?.results ?? [];
    const left = lines.filter((_, i) => results[i]?.problem);
    refused.value = lines.flatMap((line, i) => (results[i]?.problem ? [`${line}: ${results[i].problem.detail}`] : []));
    text.value = left.join('\n');
    const made = lines.length - left.length;
    if (made) toast(m.links.made(made));
    changed('links');
    if (!left.length) onClose();
  }

  return (
    <Form state={form} fields={['lines']} class="card quick stack" label={t.links.several} onSubmit={submit}>
      <Field label={m.links.lines} hint={m.links.linesHint} error={form.errors.value['lines']}>
        {(control) => <textarea {...control} rows={6} spellcheck={false} autoCapitalize="none" value={text.value} onInput={(event) => { text.value = event.currentTarget.value; }} />}
      </Field>
      <div class="row">
        <button class="primary" disabled={form.busy.value}>{m.links.shortenAll(lines.length)}</button>
        <button type="button" class="plain" onClick={onClose}>{m.links.one}</button>
      </div>
      {refused.value.length > 0 && (
        <div role="alert">
          <p class="error">{m.links.notMade(refused.value.length)}</p>
          <ul class="minor">{refused.value.map((line) => <li key={line}>{line}</li>)}</ul>
        </div>
      )}
    </Form>
  );
}

/** A line is an address, or an alias and an address. */
function fromLine(line: string): { url: string; code?: string } {
  const [, code, url] = /^([\w-]{1,64})\s+(\S.*)$/.exec(line) ?? [];
  return code && url ? { code, url } : { url: line };
}
