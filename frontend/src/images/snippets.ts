// Ways to embed an image.
import type { Image } from './queue';

type Kind = 'html' | 'markdown' | 'url';

/** Returns the snippets for a ready image with its description. */
export function snippet(kind: Kind, image: Image, alt: string): string {
  const widest = whole(image)[0];
  if (!widest) return '';
  if (kind === 'url') return widest.url;
  if (kind === 'markdown') return `![${alt.replace(/[\\[\]]/g, '\\$&').replace(/\s+/g, ' ')}](${widest.url})`;
  // One source per type: browsers use the first one that they support.
  const types = [...new Set(whole(image).map(({ contentType }) => contentType))].filter((type) => type !== widest.contentType);
  const sources = types.map((type) => `  <source${attributes({ type, srcset: srcset(image, type), sizes: image.sizes })}>\n`);
  const img = attributes({
    src: widest.url, srcset: srcset(image, widest.contentType), sizes: image.sizes, width: widest.width, height: widest.height, alt, loading: 'lazy', decoding: 'async',
  });
  return `<picture>\n${sources.join('')}  <img${img}>\n</picture>`;
}

/** The variants that show the whole image, widest first. */
export const whole = (image: Image): Image['variants'] => image.variants.filter(({ name }) => name.startsWith('w')).sort((a, b) => b.width - a.width);

const srcset = (image: Image, type: string): string =>
  whole(image).filter(({ contentType }) => contentType === type).reverse().map(({ url, width }) => `${url} ${width}w`).join(', ');

const attributes = (values: Record<string, string | number | undefined>): string =>
  Object.entries(values).filter(([, value]) => value !== undefined).map(([name, value]) => ` ${name}="${escape(String(value))}"`).join('');

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
