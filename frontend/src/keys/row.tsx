import { day, dateTime, relativeDay } from '../lib/format';
import { me } from '../session/session';
import { m } from '../text';
import { isOwn, nameOf, type Key } from './key';

interface Props {
  shown: Key;
  all: Key[];
  onRotate: false | (() => void);
  onRevoke: false | (() => void);
}

/** A key in the list, which is a card on phones. */
export function Row({ shown, all, onRotate, onRevoke }: Props) {
  const name = nameOf(shown);
  const { status, createdAt, usedOn, expiresAt, formerUntil } = shown;
  return (
    <tr class={status === 'active' ? '' : 'off'}>
      <td>
        <b class="key-name">{name}</b>{' '}
        {status !== 'active' && <span class="chip bad">{m.apiKeys.statuses[status]}</span>}{' '}
        {isOwn(shown) && <span class="chip">{m.apiKeys.own}</span>}
        <span class="key-scopes muted minor">{shown.scopes.join(', ')}</span>
        {formerUntil && <span class="minor warning">{m.apiKeys.former(dateTime(formerUntil))}</span>}
      </td>
      <td class="when"><span class="what muted">{m.apiKeys.columns.created}</span> <span title={dateTime(createdAt)}>{relativeDay(createdAt)}</span> <span class="muted minor by">{creator(shown, all)}</span></td>
      <td class="when"><span class="what muted">{m.apiKeys.columns.used}</span> {usedOn ? usedDay(usedOn) : <span class="muted">{m.apiKeys.neverUsed}</span>}</td>
      <td class="when"><span class="what muted">{m.apiKeys.columns.expires}</span> {expiresAt ? <span title={dateTime(expiresAt)}>{day(expiresAt)}</span> : <span class="muted">{m.apiKeys.never}</span>}</td>
      {onRotate && onRevoke && (
        <td class="acts">
          <button type="button" class="small" aria-label={m.apiKeys.rotateOf(name)} onClick={onRotate}>{m.apiKeys.rotate}</button>{' '}
          <button type="button" class="small danger" aria-label={m.apiKeys.revokeOf(name)} onClick={onRevoke}>{m.apiKeys.revoke}</button>
        </td>
      )}
    </tr>
  );
}

/** The last day of use. The server counts in days of UTC. */
const usedDay = (date: string): string => (date === new Date().toISOString().slice(0, 10) ? m.apiKeys.today : day(`${date}T12:00:00Z`));

/** Who created the key. Another key is named if it still exists. */
function creator({ createdBy }: Key, all: Key[]): string {
  if (!createdBy) return m.apiKeys.byOperator;
  const id = createdBy.startsWith('key:') ? createdBy.slice(4) : '';
  if (id) return m.apiKeys.byKey(all.find((one) => one.id === id)?.name || id);
  return createdBy === me.value?.owner ? m.apiKeys.byYou : m.apiKeys.by(createdBy);
}
