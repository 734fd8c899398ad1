import { useSignal } from '@preact/signals';
import { Failure } from '../lib/client';
import { isoDay } from '../lib/format';
import { zone } from '../lib/preferences';
import { setQuery } from '../lib/router';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { mistake, type Period } from './range';

/** Asks for the first and the last day of a period, which goes into the address. */
export function RangeForm({ shown, first }: { shown: Period | undefined; first: string }) {
  const from = useSignal(shown?.from ?? '');
  const to = useSignal(shown?.to ?? isoDay(new Date()));
  const form = useForm();
  const show = async (): Promise<void> => {
    const wrong = mistake(from.value, to.value);
    if (wrong) throw new Failure(0, '', { [wrong.field]: m.links.mistakes[wrong.kind] });
    setQuery({ from: from.value, to: to.value, tz: zone() });
  };
  return (
    <Form state={form} fields={['from', 'to']} class="range" label={m.links.range} onSubmit={show}>
      <Field label={m.links.from} error={form.errors.value['from']}>
        {(control) => <input {...control} type="date" min={first} max={isoDay(new Date())} value={from.value} onInput={(event) => { from.value = event.currentTarget.value; }} />}
      </Field>
      <Field label={m.links.to} error={form.errors.value['to']}>
        {(control) => <input {...control} type="date" min={first} max={isoDay(new Date())} value={to.value} onInput={(event) => { to.value = event.currentTarget.value; }} />}
      </Field>
      <button class="show">{m.links.show}</button>
    </Form>
  );
}
