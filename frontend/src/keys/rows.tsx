import { useSignal } from '@preact/signals';
import { may } from '../session/session';
import { m } from '../text';
import type { Issued, Key } from './key';
import { RevokeDialog } from './revoke-dialog';
import { RotateDialog } from './rotate-dialog';
import { Row } from './row';

interface Props {
  keys: Key[];
  onIssued: (key: Issued) => void;
  onRevoked: (key: Key) => void;
}

/** The rows of the keys, and the dialogs of their actions. */
export function Rows({ keys, onIssued, onRevoked }: Props) {
  const asking = useSignal<{ what: 'rotate' | 'revoke'; key: Key } | undefined>(undefined);
  const close = (): void => { asking.value = undefined; };
  const write = may('keys:write');
  return (
    <>
      <table class="api-keys">
        <thead>
          <tr>
            <th>{m.apiKeys.columns.key}</th>
            <th class="when">{m.apiKeys.columns.created}</th>
            <th class="when">{m.apiKeys.columns.used}</th>
            <th class="when">{m.apiKeys.columns.expires}</th>
            {write && <th class="acts"><span class="hidden-text">{m.apiKeys.columns.actions}</span></th>}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => <Row key={key.id} shown={key} all={keys} onRotate={write && (() => { asking.value = { what: 'rotate', key }; })} onRevoke={write && (() => { asking.value = { what: 'revoke', key }; })} />)}
        </tbody>
      </table>
      {asking.value?.what === 'rotate' && <RotateDialog rotated={asking.value.key} onIssued={onIssued} onClose={close} />}
      {asking.value?.what === 'revoke' && <RevokeDialog revoked={asking.value.key} onRevoked={onRevoked} onClose={close} />}
    </>
  );
}
