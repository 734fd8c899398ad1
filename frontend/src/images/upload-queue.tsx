import { useRef } from 'preact/hooks';
import { toHeading } from '../lib/focus';
import { number } from '../lib/format';
import { may } from '../session/session';
import { m } from '../text';
import { ACCEPTED } from './file';
import { add, clear, uploads, withLink } from './queue';
import { UploadRow } from './upload-row';

/** A file chooser that starts uploads at once, and their progress. */
export function UploadQueue() {
  const input = useRef<HTMLInputElement>(null);
  function take(): void {
    const field = input.current;
    if (!field?.files) return;
    add([...field.files]);
    field.value = ''; // so that the same file can be chosen again
  }
  return (
    <>
      <div class="card drop">
        <p class="drop-line">
          <label class="button primary choose">
            {m.images.choose}
            <input ref={input} class="hidden-text" type="file" multiple accept={ACCEPTED} onChange={take} />
          </label>
          <span class="muted">{m.images.orDrop}</span>
        </p>
        <p class="hint">{m.images.formats}</p>
        {may('links:write') && (
          <label class="check minor">
            <input type="checkbox" checked={withLink.value === 'on'} onChange={(event) => { withLink.value = event.currentTarget.checked ? 'on' : 'off'; }} />
            {m.images.shortLink}
          </label>
        )}
      </div>
      <Rows />
    </>
  );
}

function Rows() {
  const all = uploads.value;
  const ready = all.filter(({ step }) => step.value === 'ready').length;
  return (
    <>
      <p class="hidden-text" role="status">{all.length > 0 && m.images.summary(number(ready), number(all.length))}</p>
      {all.length > 0 && (
        <section class="card" aria-labelledby="uploads">
          <div class="row between">
            <h2 id="uploads">{m.images.uploads} <span class="muted number">{m.images.summary(number(ready), number(all.length))}</span></h2>
            {ready > 0 && <button type="button" class="small plain" onClick={() => { toHeading(); clear(); }}>{m.images.clear}</button>}
          </div>
          <ul class="uploads">{all.map((upload) => <UploadRow key={upload.number} upload={upload} />)}</ul>
        </section>
      )}
    </>
  );
}
