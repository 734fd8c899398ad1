// Detects a file's type by its first bytes: names, and the types that systems derive from them, are often wrong.
import type { Schemas } from '../lib/client';
import { lang, m } from '../text';

export const LARGEST = 25 * 2 ** 20; // bytes, as in docs/openapi.yaml
export const ACCEPTED = 'image/jpeg,image/png,image/webp,image/gif';

type ImageType = Schemas['ImageType'];

const HEIC = /^....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/s;
const TYPES: [RegExp, ImageType][] = [
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^GIF8[79]a/, 'image/gif'],
];

/** Returns the type of a file, or the reason why it can't be uploaded. */
export async function inspect(file: File): Promise<{ type: ImageType } | { refusal: string }> {
  if (!file.size) return { refusal: m.images.emptyFile };
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (HEIC.test(start)) return { refusal: m.images.heic };
  const type = TYPES.find(([pattern]) => pattern.test(start))?.[1];
  if (!type) return { refusal: m.images.noImage };
  if (file.size > LARGEST) return { refusal: m.images.tooLarge(size(file.size)) };
  return { type };
}

/** A file's size as people read it: 340 kB, 1.2 MB. */
export function size(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), 'kilobyte'] as const : [bytes / 1e6, 'megabyte'] as const;
  return value.toLocaleString(lang(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: unit === 'megabyte' ? 1 : 0 });
}
