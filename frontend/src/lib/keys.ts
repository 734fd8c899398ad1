// Shortcuts: single keys, and pairs such as "g l". They are ignored while the person types, while a dialog is open, or if they are
// turned off.
import { useEffect } from 'preact/hooks';
import { shortcuts } from './preferences';

const acts = new Map<string, () => void>();
const PAIR = 1000; // milliseconds between the keys of a pair
let first = '';
let firstAt = 0;

/** Binds keys while a component is shown. */
export function useKeys(bound: Record<string, () => void>): void {
  useEffect(() => {
    for (const [keys, act] of Object.entries(bound)) acts.set(keys, act);
    return () => {
      for (const [keys, act] of Object.entries(bound)) if (acts.get(keys) === act) acts.delete(keys);
    };
  });
}

/** Whether the focused element handles keys itself. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

addEventListener('keydown', (event) => {
  if (shortcuts.value === 'off' || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
  const pair = Date.now() - firstAt < PAIR ? acts.get(`${first} ${event.key}`) : undefined;
  const act = pair ?? acts.get(event.key);
  first = event.key;
  firstAt = pair ? 0 : Date.now();
  if (!act) return;
  event.preventDefault();
  act();
});
