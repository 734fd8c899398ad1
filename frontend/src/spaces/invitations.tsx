import { useSignal } from '@preact/signals';
import { call, Failure } from '../lib/client';
import { day } from '../lib/format';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { toast } from '../parts/toasts';
import { m } from '../text';
import { roles, type Role, type Space } from './space';

/** Invites people to a space, and lists the invitations that nobody has accepted yet. */
export function Invitations({ of, onChange, refresh }: { of: Space; onChange: (changed: Space) => void; refresh: () => void }) {
  const email = useSignal('');
  const role = useSignal<Role>('editor');
  const form = useForm();
  const errors = form.errors.value;

  async function submit(): Promise<void> {
    const to = email.value.trim();
    await call('post', '/api/spaces/{id}/invitations', { path: { id: of.id }, body: { email: to, role: role.value } });
    email.value = '';
    toast(m.spaces.invited(to));
    refresh();
  }

  async function revoke(invitation: string): Promise<void> {
    try {
      await call('delete', '/api/spaces/{id}/invitations/{invitation}', { path: { id: of.id, invitation } });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status !== 404) return toast(error.message); // 404: it was accepted or revoked elsewhere
    }
    onChange({ ...of, invitations: of.invitations.filter(({ id }) => id !== invitation) });
  }

  return (
    <section class="card stack">
      <h2>{m.spaces.invite}</h2>
      <Form state={form} fields={['email', 'role']} class="stack" onSubmit={submit}>
        <div class="invite">
          <Field label={m.spaces.email} error={errors['email']}>
            {(control) => <input {...control} type="email" autocomplete="off" value={email.value} onInput={(event) => { email.value = event.currentTarget.value; }} />}
          </Field>
          <Field label={m.spaces.role} error={errors['role']}>
            {(control) => (
              <select {...control} value={role.value} onChange={(event) => { role.value = event.currentTarget.value as Role; }}>
                {roles.map((one) => <option key={one} value={one}>{m.spaces.roles[one]}</option>)}
              </select>
            )}
          </Field>
        </div>
        <p class="hint">{m.spaces.rolesText}</p>
        <div class="row"><button class="primary" disabled={form.busy.value}>{m.spaces.send}</button></div>
      </Form>
      {of.invitations.length > 0 && (
        <>
          <h3>{m.spaces.pending}</h3>
          <ul class="spaces">
            {of.invitations.map((one) => (
              <li key={one.id}>
                <span><b>{one.email}</b> <span class="muted minor">{m.spaces.roles[one.role]}, {m.spaces.until(day(one.expiresAt))}</span></span>
                <button type="button" class="small" aria-label={m.spaces.revokeOf(one.email)} onClick={() => revoke(one.id)}>{m.spaces.revoke}</button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
