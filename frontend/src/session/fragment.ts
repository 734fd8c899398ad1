import { signal } from '@preact/signals';
import { apiKey, keepKey } from '../lib/client';

/** A key that the address offers instead of the stored one, or "". */
export const offered = signal('');

/**
 * Signs in with the key of an address of the form /#key=mk_…. A fragment is never sent to a server, and it is removed from the
 * address at once. The link may be from somebody who wants to see what others create with their key, so it replaces another key
 * only if the person agrees.
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
