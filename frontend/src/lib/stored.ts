import { effect, signal, type Signal } from '@preact/signals';

/** A signal that this browser stores. Its value is one of the allowed ones, by default the first one. */
export function stored<T extends string>(name: string, allowed: readonly [T, ...T[]]): Signal<T> {
  const kept = read(name);
  const value = signal(allowed.find((one) => one === kept) ?? allowed[0]);
  effect(() => write(name, value.value));
  return value;
}

/** The stored value, or "". The browser may forbid storage. */
export function read(name: string): string {
  try {
    return localStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}

/** Stores a value; "" removes it. */
export function write(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // The value is then kept until the page is left.
  }
}
