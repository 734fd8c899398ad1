import { useSignal } from '@preact/signals';
import { call, keepKey } from '../lib/client';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { isOwn, nameOf, type Issued, type Key } from './key';

const overlaps = [0, 1, 24, 168, 720] as const; // hours

/** Asks for how long the token before works, and rotates the key. */
export function RotateDialog({ rotated, onIssued, onClose }: { rotated: Key; onIssued: (key: Issued) => void; onClose: () => void }) {
  const hours = useSignal('24');
  const form = useForm();
  async function submit(): Promise<void> {
    const { data } = await call('post', '/api/keys/{id}/rotate', { path: { id: rotated.id }, body: { overlapHours: Number(hours.value) } });
    if (data && isOwn(data)) keepKey(data.token);
    if (data) onIssued(data);
    onClose();
  }
  return (
    <Dialog title={m.apiKeys.rotateOf(nameOf(rotated))} onClose={onClose}>
      <Form state={form} fields={['overlapHours']} class="stack" onSubmit={submit}>
        <p>{m.apiKeys.rotateText}</p>
        <Field label={m.apiKeys.overlap} error={form.errors.value['overlapHours']}>
          {(control) => (
            <select {...control} value={hours.value} onChange={(event) => { hours.value = event.currentTarget.value; }}>
              {overlaps.map((one) => <option key={one} value={one}>{m.apiKeys.overlaps[one]}</option>)}
            </select>
          )}
        </Field>
        <div class="row end">
          <button type="button" onClick={onClose}>{m.parts.cancel}</button>
          <button class="primary" disabled={form.busy.value}>{m.apiKeys.rotate}</button>
        </div>
      </Form>
    </Dialog>
  );
}
