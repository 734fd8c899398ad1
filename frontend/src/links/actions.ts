// The actions on links, with their messages.
import { call, Failure, type Schemas } from '../lib/client';
import { bare } from '../lib/format';
import { randomName } from '../lib/random';
import { changed } from '../lib/tabs';
import { toast } from '../parts/toasts';
import { t } from '../text';
import type { Link } from './draft';

/** A link's name in messages. */
export const nameOf = (link: Link): string => link.title || bare(link.shortUrl);

/** Runs an action, and shows its error as a message. */
export async function attempt(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    toast(error.message);
  }
  changed('links');
}

/** Deletes a link, and offers an undo. */
export const remove = (link: Link): Promise<void> => attempt(async () => {
  await call('delete', '/api/links/{code}', { path: { code: link.code } });
  toast(t.links.isDeleted(nameOf(link)), { label: t.parts.undo, act: () => restore(link) });
});

/** Deletes a link for good. */
export const free = (link: Link): Promise<void> => attempt(async () => {
  await call('delete', '/api/links/{code}', { path: { code: link.code }, query: { free: true } });
  toast(t.links.isDeleted(nameOf(link)));
});

export const restore = (link: Link): Promise<void> => attempt(async () => {
  await call('post', '/api/links/{code}/restore', { path: { code: link.code } });
  toast(t.links.isRestored(nameOf(link)));
});

export const setDisabled = (link: Link, disabled: boolean): Promise<void> => attempt(async () => {
  await call('patch', '/api/links/{code}', { path: { code: link.code }, body: { disabled } });
  toast(disabled ? t.links.isDisabled(nameOf(link)) : t.links.isEnabled(nameOf(link)), { label: t.parts.undo, act: () => setDisabled(link, !disabled) });
});

/** Opens the system's sheet for sharing, which the person may close without an effect. */
export async function share(link: Link): Promise<void> {
  try {
    await navigator.share({ url: link.shortUrl, ...(link.title && { title: link.title }) });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name !== 'AbortError') toast(error.message);
  }
}

type Item = Schemas['BulkItem'];

/** Sends one change for each link, and reports those that failed. */
export async function changeAll(links: Link[], item: (link: Link) => Item): Promise<Link[]> {
  const { data } = await call('post', '/api/links/bulk', { body: { items: links.map(item) }, headers: { 'Idempotency-Key': randomName() } });
  const results = data?.results ?? [];
  const failed = results.filter(({ problem }) => problem);
  if (failed.length) toast(t.links.someFailed(failed.length, links.length, failed[0]?.problem?.detail ?? ''));
  return links.filter((_, i) => !results[i]?.problem);
}

/** Deletes links, and offers an undo. */
export const removeAll = (links: Link[]): Promise<void> => attempt(async () => {
  const gone = await changeAll(links, ({ code }) => ({ delete: { code } }));
  if (gone.length) toast(t.links.areDeleted(gone.length), { label: t.parts.undo, act: () => restoreAll(gone) });
});

const restoreAll = (links: Link[]): Promise<void> => attempt(async () => {
  for (const { code } of links) await call('post', '/api/links/{code}/restore', { path: { code } });
});
