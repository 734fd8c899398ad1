import { useRef } from 'preact/hooks';
import type { Point } from './edit';
import type { Image } from './queue';
import { whole } from './snippets';
import { here } from './thumb';

/** The whole image with a mark at its focus, which a pointer can move. */
export function Focus({ image, point, move }: { image: Image; point: Point; move: ((to: Point) => void) | undefined }) {
  const shown = useRef<HTMLImageElement>(null);
  const all = whole(image);
  const widest = all[0];
  function at(event: PointerEvent): void {
    const box = shown.current?.getBoundingClientRect();
    if (!box || !move || event.buttons !== 1) return;
    event.preventDefault(); // do not drag the image
    const share = (value: number): number => Math.round(100 * Math.min(Math.max(value, 0), 1));
    move({ x: share((event.clientX - box.left) / box.width), y: share((event.clientY - box.top) / box.height) });
  }
  if (!widest) return null;
  return (
    <div class="focus">
      <div class={move ? 'focus-stage movable' : 'focus-stage'} onPointerDown={at} onPointerMove={at}>
        <img ref={shown} src={here(widest.url)} srcset={all.map(({ url, width }) => `${here(url)} ${width}w`).join(', ')} sizes="(max-width: 60rem) 92vw, 34rem"
          width={widest.width} height={widest.height} alt={image.alt} style={{ backgroundColor: image.color }} draggable={false} />
        <span class="mark" aria-hidden="true" style={{ left: `${point.x}%`, top: `${point.y}%` }} />
      </div>
    </div>
  );
}
