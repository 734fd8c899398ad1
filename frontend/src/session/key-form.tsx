import { useSignal } from '@preact/signals';
import { Failure } from '../lib/client';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m, t } from '../text';
import { useKey } from './session';

/** Asks for an API key and signs in with it. */
export function KeyForm({ onDone }: { onDone?: () => void }) {
  const key = useSignal('');
  const form = useForm();
  async function submit(): Promise<void> {
    const given = key.value.replace(/\s/g, '');
    if (!/^mk_[A-Za-z0-9]+_[\w-]+$/.test(given)) throw new Failure(0, m.session.keyForm, { key: m.session.keyForm });
    try {
      await useKey(given);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.status, error.message, { key: error.unauthorized ? t.errors.key : error.message });
    }
    onDone?.();
  }
  return (
    <Form state={form} fields={['key']} class="stack" onSubmit={submit}>
      <Field label={m.session.key} hint={m.session.keyHint} error={form.errors.value['key']}>
        {(control) => <input {...control} type="password" autocomplete="off" spellcheck={false} value={key.value} onInput={(event) => { key.value = event.currentTarget.value; }} />}
      </Field>
      <div><button class="primary" disabled={form.busy.value}>{m.session.useKey}</button></div>
    </Form>
  );
}
