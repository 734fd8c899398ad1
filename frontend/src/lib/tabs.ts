// Notifies other tabs of the same browser about changed data.
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('minim') : undefined;
const listeners = new Set<(topic: string) => void>();

channel?.addEventListener('message', ({ data }) => { for (const listener of listeners) listener(data); });

/** Reports a change to this tab and the others. */
export function changed(topic: string): void {
  channel?.postMessage(topic);
  for (const listener of listeners) listener(topic);
}

/** Calls the function at each change. Returns a function that ends this. */
export function onChange(topic: string, act: () => void): () => void {
  const listener = (other: string): void => { if (other === topic) act(); };
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}
