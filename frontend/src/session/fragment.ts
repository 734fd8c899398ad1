import { signal } from '@preact/signals';
import { apiKey, keepKey } from '../lib/client';

/** A key that an address offers instead of the one that this browser keeps, or "". */
export const offered = signal('');

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
