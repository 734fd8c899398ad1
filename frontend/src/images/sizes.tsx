import { CopyButton } from '../parts/copy-button';
import { m } from '../text';
import { size } from './file';
import type { Image } from './queue';
import { here } from './thumb';

type Variant = Image['variants'][number];

const name = ({ name, width }: Variant): string => (name === 'card' || name === 'square' ? m.images.variants[name] : m.images.wide(String(width)));

/** The variants of the image, widest first. */
export function Sizes({ image }: { image: Image }) {
  const all = [...image.variants].sort((a, b) => b.width - a.width);
  return (
    <section class="card" aria-labelledby="sizes">
      <h2 id="sizes">{m.images.sizes}</h2>
      <table class="sizes">
        <thead><tr><th scope="col">{m.images.size}</th><th scope="col" class="n">{m.images.pixels}</th><th scope="col">{m.images.type}</th><th scope="col" class="n">{m.images.weight}</th><td /></tr></thead>
        <tbody>
          {all.map((variant) => (
            <tr key={variant.name}>
              <th scope="row"><a href={here(variant.url)} target="_blank" rel="noopener">{name(variant)}</a></th>
              <td class="n">{variant.width} × {variant.height}</td>
              <td>{variant.contentType.replace('image/', '').toUpperCase()}</td>
              <td class="n">{size(variant.bytes)}</td>
              <td class="n"><CopyButton class="small" text={variant.url} what={m.images.copyOf(name(variant))} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
