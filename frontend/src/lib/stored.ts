import { effect, signal, type Signal } from '@preact/signals';

/** A signal that this browser remembers. Its value is one of the allowed ones, the first one by default. */
export function stored<T extends string>(name: string, allowed: readonly [T, ...T[]]): Signal<T> {
  const kept = read(name);
  const value = signal(allowed.find((one) => one === kept) ?? allowed[0]);
  effect(() => write(name, value.value));
  return value;
}

/** What this browser remembers, or "". Storage may be forbidden. */
export function read(name: string): string {
  try {
    return localStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}

/** Remembers a value; "" forgets it. */
export function write(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // It is then remembered until the page is left.
  }
}
