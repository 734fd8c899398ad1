import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Image } from './queue';
import { draw } from './thumbhash';

/** Where this site has a file of an image. The API names the stage's own address, which the site may have been opened without. */
export const here = (url: string): string => new URL(url).pathname;

/** The square thumbnail of an image that is ready, over its ThumbHash until it is there. */
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
