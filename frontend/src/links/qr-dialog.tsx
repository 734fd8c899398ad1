import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { download, Failure } from '../lib/client';
import { bare } from '../lib/format';
import { save } from '../lib/save';
import { CopyButton } from '../parts/copy-button';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { m, t } from '../text';
import type { Link } from './draft';
import { close } from './open';

/** The QR code of a link, to look at and to download. */
export function QRDialog({ link }: { link: Link }) {
  const size = useSignal('512');
  const color = useSignal('#000000');
  const background = useSignal('#ffffff');
  const image = useSignal('');
  const error = useSignal('');
  const short = bare(link.shortUrl);

  const draw = (format: 'svg' | 'png', pixels: number): Promise<Blob> => download('/api/links/{code}/qr', '*/*', {
    path: { code: link.code },
    query: { format, size: pixels, color: color.value.slice(1), background: background.value.slice(1) },
  });
  async function attempt(act: () => Promise<void>): Promise<void> {
    error.value = '';
    try {
      await act();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      error.value = Object.values(failure.fields)[0] ?? failure.message;
    }
  }
  useEffect(() => {
    const timer = setTimeout(() => attempt(async () => { image.value = URL.createObjectURL(await draw('svg', 512)); }), image.value ? 250 : 0);
    return () => clearTimeout(timer);
  }, [color.value, background.value]);
  useEffect(() => () => URL.revokeObjectURL(image.peek()), [image.value]);

  const get = (format: 'svg' | 'png') => () => attempt(async () => save(await draw(format, Number(size.value) || 512), `${link.code}.${format}`));
  return (
    <Dialog title={m.links.qrTitle} wide onClose={close}>
      <div class="qr">
        <div class="qr-image">{image.value && <img src={image.value} alt={t.links.qrOf(short)} width="224" height="224" />}</div>
        <div class="stack">
          <p class="row"><strong>{short}</strong> <CopyButton class="small" text={link.shortUrl} what={short} /></p>
          <div class="row">
            <Field label={m.links.color}>{(control) => <input {...control} type="color" value={color.value} onInput={(event) => { color.value = event.currentTarget.value; }} />}</Field>
            <Field label={m.links.background}>{(control) => <input {...control} type="color" value={background.value} onInput={(event) => { background.value = event.currentTarget.value; }} />}</Field>
          </div>
          <Field label={m.links.size}>{(control) => <input {...control} type="number" min={64} max={2048} step={64} value={size.value} onInput={(event) => { size.value = event.currentTarget.value; }} />}</Field>
          <div role="alert">{error.value && <p class="error">{error.value}</p>}</div>
          <div class="row">
            <button type="button" class="primary" onClick={get('svg')}>{m.links.svg}</button>
            <button type="button" onClick={get('png')}>{m.links.png}</button>
          </div>
        </div>
      </div>
    </Dialog>
  );
}
