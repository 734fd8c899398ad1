// Deletes images. The API cannot restore one, so a deletion is sent only after the time for undo.
import { signal } from '@preact/signals';
import { call, Failure } from '../lib/client';
import { changed } from '../lib/tabs';
import { toast } from '../parts/toasts';
import { m, t } from '../text';

/** The IDs of images that are shown as deleted. */
export const removed = signal<ReadonlySet<string>>(new Set());

const waiting = new Set<string>();

/** Deletes an image unless the person undoes it within ten seconds. */
export function removeSoon(id: string, name: string): void {
  waiting.add(id);
  removed.value = new Set([...removed.value, id]);
  toast(m.images.deleted(name), { label: t.parts.undo, act: () => restore(id) }, () => { void send(id); });
}

/** Deletes an image without variants at once. */
export function removeNow(id: string): void {
  waiting.add(id);
  removed.value = new Set([...removed.value, id]);
  void send(id);
}

function restore(id: string): void {
  waiting.delete(id);
  removed.value = new Set([...removed.value].filter((one) => one !== id));
}

async function send(id: string): Promise<void> {
  if (!waiting.delete(id)) return;
  try {
    await call('delete', '/api/images/{id}', { path: { id } });
    changed('images');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.status === 404) return; // deleted elsewhere
    restore(id);
    toast(error.message);
  }
}

addEventListener('pagehide', () => { for (const id of waiting) void send(id); });
