import { useSignal } from '@preact/signals';
import { Failure } from '../lib/client';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { ReasonDialog } from './reason-dialog';
import { takeDown } from './takedown';

/** Takes down or restores any link, by its code or address. */
export function ByCode() {
  const given = useSignal('');
  const asking = useSignal('');
  const form = useForm();
  function code(): string {
    const found = /([\w-]+)\/?$/.exec(given.value.trim())?.[1];
    if (!found) throw new Failure(0, m.admin.noCode, { code: m.admin.noCode });
    return found;
  }
  const putBack = async (): Promise<void> => {
    try {
      await takeDown(code(), null);
      form.errors.value = {};
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      form.errors.value = { code: error.message };
    }
  };
  return (
    <section class="card">
      <h2>{m.admin.byCode}</h2>
      <Form state={form} fields={['code']} class="by-code" label={m.admin.byCode} onSubmit={async () => { asking.value = code(); }}>
        <Field label={m.admin.code} error={form.errors.value['code']}>
          {(control) => <input {...control} spellcheck={false} autocapitalize="off" value={given.value} onInput={(event) => { given.value = event.currentTarget.value; }} />}
        </Field>
        <div class="row">
          <button class="danger">{m.admin.takeDown}</button>
          <button type="button" onClick={putBack}>{m.admin.putBack}</button>
        </div>
      </Form>
      {asking.value && <ReasonDialog code={asking.value} name={asking.value} onClose={() => { asking.value = ''; }} />}
    </section>
  );
}
