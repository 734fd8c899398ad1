// What tabs of the same browser tell each other: which data has changed.
export type Topic = 'links' | 'images' | 'reports' | 'session';

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('minim') : undefined;
const listeners = new Set<(topic: Topic) => void>();

channel?.addEventListener('message', ({ data }) => { for (const listener of listeners) listener(data); });

/** Reports a change to this tab and the others. */
export function changed(topic: Topic): void {
  channel?.postMessage(topic);
  for (const listener of listeners) listener(topic);
}

/** Calls the function at each change; returns what ends that. */
export function onChange(topic: Topic, act: () => void): () => void {
  const listener = (other: Topic): void => { if (other === topic) act(); };
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}
