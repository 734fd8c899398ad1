import { useSignal } from '@preact/signals';
import { Failure } from '../lib/client';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { shortDay, today } from './days';
import type { Summary, useRequest } from './request';

/** Requests the report of a day, and shows its progress. */
export function RequestForm({ request, owner, items }: { request: ReturnType<typeof useRequest>; owner: string; items: Summary[] }) {
  const date = useSignal(today());
  const asked = useSignal('');
  const form = useForm();
  const progress = request.progress.value;
  async function submit(): Promise<void> {
    if (!date.value) throw new Failure(0, m.reports.noDay, { date: m.reports.noDay });
    asked.value = date.value;
    await request.ask(date.value, owner, items.find((one) => one.date === date.value)?.createdAt);
  }
  return (
    <Form state={form} fields={['date']} class="card request" label={m.reports.make} onSubmit={submit}>
      <Field label={m.reports.day} error={form.errors.value['date']}>
        {(control) => <input {...control} type="date" max={today()} value={date.value} onInput={(event) => { date.value = event.currentTarget.value; }} />}
      </Field>
      <button class="primary" disabled={form.busy.value || progress === 'making'}>{m.reports.make}</button>
      <p class="request-state" role="status">
        {progress === 'making' && <><progress aria-label={m.reports.making} /> <span class="muted">{m.reports.making}</span></>}
        {progress === 'made' && <><span>{m.reports.made(shortDay(asked.value))}</span> <a href={`/app/reports/${request.id.value}`}>{m.reports.read}</a></>}
        {progress === 'slow' && <span class="stale">{m.reports.slow}</span>}
      </p>
    </Form>
  );
}
