import { call, Failure } from '../lib/client';
import { toHeading } from '../lib/focus';
import { Confirm } from '../parts/confirm';
import { toast } from '../parts/toasts';
import { m } from '../text';
import { isOwn, nameOf, type Key } from './key';

/** Asks for confirmation, and revokes the key. */
export function RevokeDialog({ revoked, onRevoked, onClose }: { revoked: Key; onRevoked: (key: Key) => void; onClose: () => void }) {
  const name = nameOf(revoked);
  async function revoke(): Promise<void> {
    try {
      await call('delete', '/api/keys/{id}', { path: { id: revoked.id } });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status !== 404) return toast(error.message); // 404: revoked elsewhere
    }
    toHeading();
    onRevoked(revoked);
    toast(m.apiKeys.isRevoked(name));
  }
  return <Confirm title={m.apiKeys.revokeTitle(name)} text={isOwn(revoked) ? m.apiKeys.revokeOwn : m.apiKeys.revokeText} action={m.apiKeys.revoke} onConfirm={revoke} onClose={onClose} />;
}
