import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { address } from '../lib/router';
import { Logo } from '../parts/logo';
import { Page } from '../parts/page';
import { takeInvitation } from '../spaces/invitation';
import { m, t } from '../text';
import { KeyForm } from './key-form';
import { people } from './session';

/** The page for people who are not signed in. */
export function SignIn() {
  const withKey = useSignal(false);
  useMemo(takeInvitation, []);
  const to = address.value.pathname.startsWith('/app/') ? address.value.pathname : '/app/';
  return (
    <main id="main" class="welcome">
      <p class="brand"><Logo /> {t.app.name}</p>
      <Page title={m.session.heading}>
        <p class="lead muted">{m.session.lead}</p>
        {people.value && <p><a class="button primary" href={`/api/session/new?to=${encodeURIComponent(to)}`}>{m.session.signIn}</a></p>}
        {people.value && !withKey.value
          ? <p><button type="button" class="as-link" onClick={() => { withKey.value = true; }}>{m.session.withKey}</button></p>
          : <section class="card"><KeyForm /></section>}
      </Page>
    </main>
  );
}
