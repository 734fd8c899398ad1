import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { isoDay } from '../lib/format';
import { IdempotencyKeys } from '../lib/idempotency';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { m } from '../text';
import { lifetimes, expiry, type Lifetime } from './expiry';
import { announce, type Issued, type Scope } from './key';
import { ScopeBoxes } from './scope-boxes';

const fields = ['name', 'scopes', 'expiresAt'] as const;

/** Asks for the name, the scopes and the expiry of a new key, and creates it. */
export function NewKeyDialog({ onIssued, onClose }: { onIssued: (key: Issued) => void; onClose: () => void }) {
  const name = useSignal('');
  const scopes = useSignal<ReadonlySet<Scope>>(new Set());
  const lifetime = useSignal<Lifetime>('90');
  const day = useSignal('');
  const opened = useMemo(Date.now, []); // so that a retry asks for the same expiry
  const idempotency = useMemo(() => new IdempotencyKeys(), []);
  const form = useForm();
  const errors = form.errors.value;

  async function submit(): Promise<void> {
    const missing = {
      ...(!name.value.trim() && { name: m.apiKeys.noName }),
      ...(!scopes.value.size && { scopes: m.apiKeys.noScopes }),
      ...(lifetime.value === 'day' && !day.value && { expiresAt: m.apiKeys.noDay }),
    };
    if (Object.keys(missing).length) throw new Failure(0, '', missing);
    const expiresAt = expiry(lifetime.value, day.value, opened);
    const body = { name: name.value.trim(), scopes: [...scopes.value], ...(expiresAt && { expiresAt }) };
    try {
      const { data } = await call('post', '/api/keys', { body, headers: { 'Idempotency-Key': idempotency.for(body) } });
      if (data) onIssued(data);
      onClose();
    } catch (error) {
      if (error instanceof Failure && error.status === 409) announce(); // an earlier attempt has created it
      throw error;
    }
  }

  return (
    <Dialog title={m.apiKeys.createTitle} onClose={onClose}>
      <Form state={form} fields={fields} class="stack" onSubmit={submit}>
        <Field label={m.apiKeys.name} hint={m.apiKeys.nameHint} error={errors['name']}>
          {(control) => <input {...control} maxLength={100} autocomplete="off" value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />}
        </Field>
        <ScopeBoxes chosen={scopes} error={errors['scopes']} />
        <div class="lifetime">
          <Field label={m.apiKeys.expires} error={lifetime.value === 'day' ? undefined : errors['expiresAt']}>
            {(control) => (
              <select {...control} value={lifetime.value} onChange={(event) => { lifetime.value = event.currentTarget.value as Lifetime; }}>
                {lifetimes.map((one) => <option key={one} value={one}>{m.apiKeys.lifetimes[one]}</option>)}
              </select>
            )}
          </Field>
          {lifetime.value === 'day' && (
            <Field label={m.apiKeys.lastDay} error={errors['expiresAt']}>
              {(control) => <input {...control} type="date" min={isoDay(new Date())} value={day.value} onInput={(event) => { day.value = event.currentTarget.value; }} />}
            </Field>
          )}
        </div>
        <div class="row end">
          <button type="button" onClick={onClose}>{m.parts.cancel}</button>
          <button class="primary" disabled={form.busy.value}>{m.apiKeys.submit}</button>
        </div>
      </Form>
    </Dialog>
  );
}
