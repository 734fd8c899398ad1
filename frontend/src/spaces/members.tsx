import { useSignal } from '@preact/signals';
import { call, Failure, keepSpace, space } from '../lib/client';
import { day } from '../lib/format';
import { Confirm } from '../parts/confirm';
import { toast } from '../parts/toasts';
import { me } from '../session/session';
import { m } from '../text';
import { roles, type Role, type Space } from './space';

type Member = Space['members'][number];

/** The members of a space. Its admins change roles and remove members; everybody can leave. */
export function Members({ of, onChange }: { of: Space; onChange: (changed: Space) => void }) {
  const leaving = useSignal<Member | undefined>(undefined);
  const admin = of.role === 'admin';
  const isSelf = ({ person }: Member): boolean => person === me.value?.person;
  const nameOf = ({ email, person }: Member): string => email || person;

  async function setRole(member: Member, role: Role): Promise<void> {
    await attempt(async () => {
      const { data } = await call('patch', '/api/spaces/{id}/members/{person}', { path: { id: of.id, person: member.person }, body: { role } });
      if (data) onChange(data);
      toast(m.spaces.isNow(nameOf(member), m.spaces.roles[role]));
    });
  }

  async function remove(member: Member): Promise<void> {
    await attempt(async () => {
      await call('delete', '/api/spaces/{id}/members/{person}', { path: { id: of.id, person: member.person } });
      if (!isSelf(member)) {
        onChange({ ...of, members: of.members.filter((one) => one.person !== member.person) });
        return toast(m.spaces.removed(nameOf(member)));
      }
      if (space() === of.id) keepSpace('');
      location.assign('/app/spaces');
    });
  }

  const leave = leaving.value;
  return (
    <section class="card stack">
      <h2>{m.spaces.members}</h2>
      <ul class="spaces">
        {of.members.map((member) => (
          <li key={member.person}>
            <span>
              <b>{nameOf(member)}</b> {isSelf(member) && <span class="chip">{m.spaces.you}</span>}
              <span class="muted minor">{m.spaces.since(day(member.joinedAt))}</span>
            </span>
            <span class="row">
              {admin ? (
                <select aria-label={m.spaces.roleOf(nameOf(member))} value={member.role} onChange={(event) => { void setRole(member, event.currentTarget.value as Role); event.currentTarget.value = member.role; }}>
                  {roles.map((role) => <option key={role} value={role}>{m.spaces.roles[role]}</option>)}
                </select>
              ) : m.spaces.roles[member.role]}
              {(admin || isSelf(member)) && (
                <button type="button" class="small danger" aria-label={isSelf(member) ? m.spaces.leave : m.spaces.removeOf(nameOf(member))} onClick={() => { leaving.value = member; }}>
                  {isSelf(member) ? m.spaces.leave : m.spaces.remove}
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {leave && (
        <Confirm
          title={isSelf(leave) ? m.spaces.leaveTitle(of.name) : m.spaces.removeTitle(nameOf(leave))}
          text={isSelf(leave) ? m.spaces.leaveText : m.spaces.removeText}
          action={isSelf(leave) ? m.spaces.leave : m.spaces.remove}
          onConfirm={() => remove(leave)}
          onClose={() => { leaving.value = undefined; }}
        />
      )}
    </section>
  );
}

/** Shows the sentence of a failure. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    toast(error.message);
  }
}
