import { apiKey } from '../lib/client';
import { me, signOut } from '../session/session';
import { m, t } from '../text';

/** The signed-in caller. */
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
      <div class="row">
        <button type="button" onClick={() => signOut()}>{apiKey() ? t.app.forgetKey : t.app.signOut}</button>
        {sessions.length > 1 && <button type="button" onClick={() => signOut(true)}>{m.settings.everywhere}</button>}
      </div>
    </section>
  );
}
