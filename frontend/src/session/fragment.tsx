import { signal } from '@preact/signals';
import { apiKey, keepKey } from '../lib/client';
import { Confirm } from '../parts/confirm';
import { t } from '../text';

const offered = signal('');

/**
 * Takes the key of an address of the form /#key=mk_…, which signs in. A fragment never reaches a server, and it is taken out of
 * the address at once. The link may be from somebody who wants to see what is made with their key: it replaces another key only
 * when the person agrees.
 */
export function takeKey(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!given) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (apiKey() && apiKey() !== given) offered.value = given;
  else keepKey(given);
}

addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#key=')) return;
  takeKey();
  if (!offered.value) location.reload();
});

/** Asks whether the key of the address is to be used. */
export function OfferedKey() {
  if (!offered.value) return null;
  const use = (): void => {
    keepKey(offered.value);
    location.reload();
  };
  return <Confirm title={t.session.replaceKey} text={t.session.replaceKeyText} action={t.session.useKey} onConfirm={use} onClose={() => setTimeout(() => { offered.value = ''; })} />;
}
