import { leaveItem } from '../lib/focus';
import { may } from '../session/session';
import { m } from '../text';
import { size } from './file';
import type { Image } from './queue';
import { removeNow } from './removal';
import { Thumb } from './thumb';

/** An image in the gallery, or its progress. */
export function Card({ image }: { image: Image }) {
  const { id, status, alt, filename } = image;
  if (status === 'ready') {
    return (
      <li data-status={status}>
        <a class="image-link" href={`/app/images/${id}`}>
          <Thumb image={image} alt="" />
          <span class="image-name">{alt || filename}</span>
        </a>
        <p class="muted minor number">{image.renewing ? m.images.renewing : `${image.width} × ${image.height}, ${size(image.bytes)}`}</p>
      </li>
    );
  }
  const busy = status === 'processing';
  const remove = (event: Event): void => {
    if (event.currentTarget instanceof Element) leaveItem(event.currentTarget);
    removeNow(id);
  };
  return (
    <li data-status={status}>
      <span class={busy ? 'frame busy' : 'frame bad'} aria-hidden="true">{!busy && '!'}</span>
      <p class="image-name">{alt || filename}</p>
      {busy && <p class="muted minor">{m.images.processing}</p>}
      {status === 'pending' && <p class="muted minor"><b>{m.images.pending}.</b> {m.images.pendingText}</p>}
      {status === 'failed' && <p class="error"><b>{m.images.notProcessed}.</b> {image.error?.message}</p>}
      {!busy && may('images:write') && <button type="button" class="small" aria-label={m.images.removeOf(alt || filename)} onClick={remove}>{m.images.remove}</button>}
    </li>
  );
}
