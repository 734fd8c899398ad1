import { useSignal } from '@preact/signals';
import { Failure } from '../lib/client';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { takeDown } from './takedown';

/** Asks for the reason and takes a link down. */
export function ReasonDialog({ code, name, onClose }: { code: string; name: string; onClose: () => void }) {
  const reason = useSignal('');
  const form = useForm();
  async function submit(): Promise<void> {
    if (!reason.value.trim()) throw new Failure(0, m.admin.noReason, { takenDown: m.admin.noReason });
    await takeDown(code, reason.value.trim());
    onClose();
  }
  return (
    <Dialog title={m.admin.takeDownOf(name)} onClose={onClose}>
      <Form state={form} fields={['takenDown']} class="stack" onSubmit={submit}>
        <Field label={m.admin.reason} hint={m.admin.reasonHint} error={form.errors.value['takenDown']}>
          {(control) => <input {...control} maxLength={500} value={reason.value} onInput={(event) => { reason.value = event.currentTarget.value; }} />}
        </Field>
        <div class="row end">
          <button type="button" onClick={onClose}>{m.parts.cancel}</button>
          <button class="danger" disabled={form.busy.value}>{m.admin.takeDown}</button>
        </div>
      </Form>
    </Dialog>
  );
}
