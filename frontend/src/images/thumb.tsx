import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Image } from './queue';
import { draw } from './thumbhash';

/** The address of an image's file on this site, which may have been opened at another address than the stage's own. */
export const here = (url: string): string => new URL(url).pathname;

/** The square thumbnail of a ready image, on top of its ThumbHash until it is loaded. */
export function Thumb({ image, alt }: { image: Image; alt: string }) {
  const there = useSignal(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const square = image.variants.find(({ name }) => name === 'square') ?? image.variants[0];
  const { thumbHash, width = 1, height = 1, color } = image;
  useLayoutEffect(() => { if (canvas.current && thumbHash) draw(canvas.current, thumbHash, width / height); }, [thumbHash]);
  return (
    <span class="frame" style={{ backgroundColor: color }}>
      {thumbHash && <canvas ref={canvas} aria-hidden="true" />}
      {square && <img src={here(square.url)} alt={alt} width={square.width} height={square.height} loading="lazy" class={there.value ? 'there' : ''} onLoad={() => { there.value = true; }} />}
    </span>
  );
}
