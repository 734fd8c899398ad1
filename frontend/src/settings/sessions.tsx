import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { dateTime } from '../lib/format';
import { toast } from '../parts/toasts';
import { me, refresh } from '../session/session';
import { m } from '../text';

/** Where the person is signed in. Other browsers can be signed out, one or all of them. */
export function Sessions() {
  const busy = useSignal(false);
  useEffect(() => { void refresh(); }, []);
  const sessions = [...(me.value?.sessions ?? [])].sort((a, b) => Number(b.current) - Number(a.current) || b.usedAt.localeCompare(a.usedAt));
  const others = sessions.filter(({ current }) => !current).map(({ id }) => id);
  if (!sessions.length) return null;
  async function end(ids: string[]): Promise<void> {
    busy.value = true;
    try {
      for (const id of ids) await close(id);
      toast(m.settings.ended(ids.length));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      toast(error.message);
    }
    busy.value = false;
  }
  return (
    <section class="card stack">
      <h2>{m.settings.sessions}</h2>
      <ul class="sessions">
        {sessions.map(({ id, current, createdAt, usedAt }) => (
          <li key={id}>
            <span>
              {current ? <b>{m.settings.thisBrowser}</b> : m.settings.lastUsed(dateTime(usedAt))}
              <span class="muted minor">{m.settings.since(dateTime(createdAt))}</span>
            </span>
            {!current && <button type="button" class="small" disabled={busy.value} aria-label={m.settings.endOf(dateTime(usedAt))} onClick={() => end([id])}>{m.settings.end}</button>}
          </li>
        ))}
      </ul>
      {others.length > 1 && <div><button type="button" disabled={busy.value} onClick={() => end(others)}>{m.settings.endOthers}</button></div>}
    </section>
  );
}

async function close(id: string): Promise<void> {
  try {
    await call('delete', '/api/session/{id}', { path: { id } });
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 404) throw error; // 404: it has ended already
  }
  me.value = me.value && { ...me.value, sessions: me.value.sessions.filter((one) => one.id !== id) };
}
