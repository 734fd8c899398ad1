import { useSignal } from '@preact/signals';
import { CopyButton } from '../parts/copy-button';
import { Segments } from '../parts/segments';
import { m } from '../text';
import type { Image } from './queue';
import { snippet } from './snippets';

/** Snippets to copy that embed the image elsewhere. */
export function Embed({ image, alt }: { image: Image; alt: string }) {
  const kind = useSignal<keyof typeof m.images.snippets>('html');
  const text = snippet(kind.value, image, alt);
  const note = kind.value === 'url' ? '' : alt !== image.alt ? m.images.typedNote : !alt ? m.images.noAltNote : '';
  return (
    <section class="card stack" aria-labelledby="embed">
      <div class="row between">
        <h2 id="embed">{m.images.embed}</h2>
        <Segments label={m.images.embed} options={m.images.snippets} value={kind.value} onChange={(value) => { kind.value = value; }} />
      </div>
      <pre class="snippet" tabIndex={0} role="region" aria-label={m.images.snippetName[kind.value]}><code>{text}</code></pre>
      <div class="row">
        <CopyButton text={text} what={m.images.snippetName[kind.value]} />
        <span class="hint" role="status">{note}</span>
      </div>
    </section>
  );
}
