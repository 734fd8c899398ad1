import { t } from '../text';
import type { Failure } from '../lib/client';

/** A message in place of data that could not be read. */
export function Failed({ failure, again }: { failure: Failure; again: () => void }) {
  return (
    <div class="empty" role="alert">
      <h2>{failure.status === 403 && !failure.unauthorized ? t.parts.notPermitted : t.parts.failed}</h2>
      <p>{failure.message}</p>
      {failure.request && <p class="minor">{t.parts.requestID} <code>{failure.request}</code></p>}
      <button type="button" onClick={again}>{t.parts.again}</button>
    </div>
  );
}
