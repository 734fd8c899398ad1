import { call } from '../lib/client';
import { bare } from '../lib/format';
import { changed } from '../lib/tabs';
import { toast } from '../parts/toasts';
import { m } from '../text';

/** Takes a link down for a reason that visitors see, or restores it if there is no reason. Throws if the API refuses. */
export async function takeDown(code: string, reason: string | null): Promise<void> {
  const { data } = await call('patch', '/api/links/{code}', { path: { code }, body: { takenDown: reason } });
  const name = data ? bare(data.shortUrl) : code;
  toast(reason === null ? m.admin.isBack(name) : m.admin.isDown(name));
  changed('abuse');
  changed('links');
}
