import { m } from '../text';
import type { Point } from './edit';
import type { Image } from './queue';
import { whole } from './snippets';
import { here } from './thumb';

const SHAPES = [['square', 1], ['card', 1200 / 630]] as const; // width by height

/** Two sliders for the image's focus, and previews of the crops. */
export function Crops({ image, point, move }: { image: Image; point: Point; move: ((to: Point) => void) | undefined }) {
  const small = whole(image).find(({ width }) => width <= 640) ?? whole(image).at(-1);
  return (
    <fieldset class="stack crops" disabled={!move}>
      <legend class="legend">{m.images.focus}</legend>
      {move && <p class="hint">{m.images.focusHint}</p>}
      <div class="sliders">
        <label class="minor">{m.images.across}<input type="range" min="0" max="100" value={point.x} onInput={(event) => move?.({ ...point, x: event.currentTarget.valueAsNumber })} /></label>
        <label class="minor">{m.images.down}<input type="range" min="0" max="100" value={point.y} onInput={(event) => move?.({ ...point, y: event.currentTarget.valueAsNumber })} /></label>
      </div>
      <div class="crop-previews">
        {SHAPES.map(([shape, ratio]) => (
          <figure key={shape}>
            {small && <img src={here(small.url)} alt={m.images.preview(m.images[shape])} style={{ aspectRatio: String(ratio), objectPosition: position(image, point, ratio) }} />}
            <figcaption class="hint">{m.images[shape]}</figcaption>
          </figure>
        ))}
      </div>
    </fieldset>
  );
}

/** The position of a crop for object-position, which is a percentage of the part that is cut off. */
function position({ width = 1, height = 1 }: Image, { x, y }: Point, ratio: number): string {
  const wide = width / height;
  const [across, down] = wide > ratio ? [ratio / wide, 1] : [1, wide / ratio]; // the visible part, as shares of the whole
  const begin = (centre: number, part: number): number => (part < 1 ? 100 * Math.min(Math.max(centre / 100 - part / 2, 0), 1 - part) / (1 - part) : 50);
  return `${begin(x, across)}% ${begin(y, down)}%`;
}
