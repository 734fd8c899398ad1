import { useSignal } from '@preact/signals';
import { apiKey } from '../lib/client';
import { Dialog } from '../parts/dialog';
import { m } from '../text';
import { KeyForm } from './key-form';

/** Shows that the key or the session is no longer accepted. Signing in again does not change the page. */
export function Expired() {
  const asking = useSignal(false);
  return (
    <div class="banner" role="alert">
      <span>{apiKey() ? m.session.revoked : m.session.expired}</span>
      {apiKey()
        ? <button type="button" class="small" onClick={() => { asking.value = true; }}>{m.session.otherKey}</button>
        : <a class="button small" href="/api/session/new?to=/app/signed-in" target="_blank" rel="opener">{m.session.again}</a>}
      {asking.value && (
        <Dialog title={m.session.otherKeyTitle} onClose={() => { asking.value = false; }}>
          <KeyForm onDone={() => { asking.value = false; }} />
        </Dialog>
      )}
    </div>
  );
}
