import { useEffect, useRef } from 'preact/hooks';
import { dateTime } from '../lib/format';
import { CopyButton } from '../parts/copy-button';
import { m } from '../text';
import { isOwn, nameOf, type Issued } from './key';

/** The token of a key that was created or rotated a moment ago. It is on the page until the person closes it, and nowhere else. */
export function Token({ issued, onClose }: { issued: Issued; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { setTimeout(() => heading.current?.focus()); }, []); // after the dialog has returned the focus
  const name = nameOf(issued);
  return (
    <section class="card stack token" aria-labelledby="token">
      <h2 id="token" ref={heading} tabIndex={-1}>{m.apiKeys.ready(name)}</h2>
      <p class="warning">{m.apiKeys.once}</p>
      <div class="token-line">
        <input readOnly class="mono" value={issued.token} aria-label={m.apiKeys.token(name)} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton class="primary" text={issued.token} what={m.apiKeys.token(name)} />
      </div>
      {issued.formerUntil && <p>{m.apiKeys.former(dateTime(issued.formerUntil))}</p>}
      {isOwn(issued) && <p>{m.apiKeys.ownRotated}</p>}
      <div><button type="button" onClick={onClose}>{m.apiKeys.stored}</button></div>
    </section>
  );
}
