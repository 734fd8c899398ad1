import { signal, useSignal } from '@preact/signals';
import { apiKey } from '../lib/client';
import { Dialog } from '../parts/dialog';
import { t } from '../text';
import { KeyForm } from './key-form';
import { phase, trouble } from './session';

const online = signal(navigator.onLine);
addEventListener('online', () => { online.value = true; });
addEventListener('offline', () => { online.value = false; });

/** What is wrong with the connection or the session. The page below stays as it is. */
export function Banners() {
  if (!online.value) return <p class="banner" role="status">{t.app.offline}</p>;
  if (phase.value === 'expired') return <Expired />;
  if (trouble.value) return <p class="banner" role="status">{trouble.value.message}</p>;
  return null;
}

function Expired() {
  const asking = useSignal(false);
  return (
    <div class="banner" role="alert">
      <span>{apiKey() ? t.session.revoked : t.session.expired}</span>
      {apiKey()
        ? <button type="button" class="small" onClick={() => { asking.value = true; }}>{t.session.otherKey}</button>
        : <a class="button small" href="/api/session/new?to=/app/signed-in" target="_blank" rel="opener">{t.session.again}</a>}
      {asking.value && (
        <Dialog title={t.session.otherKeyTitle} onClose={() => { asking.value = false; }}>
          <KeyForm onDone={() => { asking.value = false; }} />
        </Dialog>
      )}
    </div>
  );
}
