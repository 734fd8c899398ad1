// The site's router: the current address, links that change it without loading the page, and patterns of pages.
import { signal } from '@preact/signals';

/** The current address. */
export const address = signal(new URL(location.href));

/** Whether the person has navigated within the site since it was loaded. */
export let moved = false;

/** Goes to an address of the site. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  const before = address.value.pathname;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to);
  arrive();
  if (address.value.pathname !== before) scrollTo(0, 0);
}

/** Replaces the query of the current address; empty values are left out. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  go(address.value.pathname + (query.size ? `?${query}` : ''), 'replace');
}

/** Returns the parameters of a path that matches the pattern, such as /app/links/:code. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.replace(/\/$/, '').split('/');
  if (names.length !== parts.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i] ?? '';
    if (name.startsWith(':')) found[name.slice(1)] = decodeURIComponent(part);
    else if (name !== part) return undefined;
  }
  return found;
}

function arrive(): void {
  moved = true;
  address.value = new URL(location.href);
}

addEventListener('popstate', arrive);
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !/^\/app\/[^.]*$/.test(link.pathname)) return;
  event.preventDefault();
  go(link.href);
});
