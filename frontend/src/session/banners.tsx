import { signal } from '@preact/signals';
import { lazy } from '../lib/lazy';
import { t } from '../text';
import { phase, trouble } from './session';

const Expired = lazy(async () => (await import('./expired')).Expired);

const online = signal(navigator.onLine);
addEventListener('online', () => { online.value = true; });
addEventListener('offline', () => { online.value = false; });

/** Problems of the connection or the session. The page below does not change. */
export function Banners() {
  if (!online.value) return <p class="banner" role="status">{t.app.offline}</p>;
  if (phase.value === 'expired') return <Expired />;
  if (trouble.value) return <p class="banner" role="status">{trouble.value.message}</p>;
  return null;
}
