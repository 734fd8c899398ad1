import { apiKey, call, Failure } from '../lib/client';
import { dateTime } from '../lib/format';
import { toast } from '../parts/toasts';
import { me, signOut } from '../session/session';
import { m, t } from '../text';

/** The signed-in caller and their sessions. */
export function Account() {
  const { owner, email, scopes, sessions = [] } = me.value ?? {};
  return (
    <section class="card stack">
      <h2>{m.settings.account}</h2>
      <dl class="facts">
        {email && <><dt>{m.settings.email}</dt><dd>{email}</dd></>}
        {owner && <><dt>{m.settings.owner}</dt><dd>{owner}</dd></>}
        <dt>{m.settings.scopes}</dt><dd>{scopes?.join(', ') ?? m.settings.allScopes}</dd>
      </dl>
      {sessions.length > 0 && (
        <div>
          <h3>{m.settings.sessions}</h3>
          <ul class="sessions">
            {sessions.map(({ id, current, usedAt }) => (
              <li key={id}>
                <span>{current ? m.settings.thisBrowser : m.settings.lastUsed(dateTime(usedAt))}</span>
                {!current && <button type="button" class="small" onClick={() => end(id)}>{m.settings.end}</button>}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="row">
        <button type="button" onClick={() => signOut()}>{apiKey() ? t.app.forgetKey : t.app.signOut}</button>
        {sessions.length > 1 && <button type="button" onClick={() => signOut(true)}>{m.settings.everywhere}</button>}
      </div>
    </section>
  );
}

async function end(id: string): Promise<void> {
  try {
    await call('delete', '/api/session/{id}', { path: { id } });
    me.value = me.value && { ...me.value, sessions: me.value.sessions.filter((one) => one.id !== id) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    toast(error.message);
  }
}
