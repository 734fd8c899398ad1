// ThumbHashes: placeholders of about 25 bytes, shown until the images are loaded. The format is
// https://evanw.github.io/thumbhash/.

type Channel = (x: number, y: number) => number;

/** Draws a hash onto a canvas of a few pixels, which CSS stretches. `ratio` is width by height. */
export function draw(canvas: HTMLCanvasElement, hash: string, ratio: number): void {
  const { light, yellow, red, alpha } = read(Uint8Array.from(atob(hash), (c) => c.charCodeAt(0)));
  const width = Math.max(1, Math.round(ratio > 1 ? 32 : 32 * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? 32 / ratio : 32));
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) return;
  const pixels = context.createImageData(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const value = (channel: Channel): number => channel((x + 0.5) / width, (y + 0.5) / height);
      const l = value(light), q = value(red), b = l - 2 / 3 * value(yellow), r = (3 * l - b + q) / 2;
      pixels.data.set([r, r - q, b, alpha ? value(alpha) : 1].map((v) => 255 * v), at); // clamped by the array
    }
  }
  context.putImageData(pixels, 0, 0);
}

function read(bytes: Uint8Array): { light: Channel; yellow: Channel; red: Channel; alpha: Channel | undefined } {
  const byte = (at: number): number => bytes[at] ?? 0;
  const first = byte(0) | byte(1) << 8 | byte(2) << 16, second = byte(3) | byte(4) << 8;
  const transparent = first >> 23 === 1, wide = second >> 15 === 1;
  const most = transparent ? 5 : 7, other = second & 7;
  let nibble = (transparent ? 6 : 5) * 2;
  const next = (): number => (byte(nibble >> 1) >> (nibble++ & 1) * 4 & 15) / 7.5 - 1;
  // The factor 1.25 restores colours that four bits make pale.
  const channel = (constant: number, scale: number, nx: number, ny: number): Channel => waves(constant, scale, nx, ny, next);
  return {
    light: channel((first & 63) / 63, (first >> 18 & 31) / 31, Math.max(3, wide ? most : other), Math.max(3, wide ? other : most)),
    yellow: channel((first >> 6 & 63) / 31.5 - 1, (second >> 3 & 63) / 63 * 1.25, 3, 3),
    red: channel((first >> 12 & 63) / 31.5 - 1, (second >> 9 & 63) / 63 * 1.25, 3, 3),
    alpha: transparent ? channel((byte(5) & 15) / 15, (byte(5) >> 4) / 15, 5, 5) : undefined,
  };
}

/** A channel as a sum of cosine waves: the constant and those in the triangle below nx and ny. */
function waves(constant: number, scale: number, nx: number, ny: number, next: () => number): Channel {
  const all: { cx: number; cy: number; size: number }[] = [];
  for (let cy = 0; cy < ny; cy++) {
    for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) all.push({ cx, cy, size: next() * scale });
  }
  return (x, y) => all.reduce((sum, { cx, cy, size }) => sum + size * 2 * Math.cos(Math.PI * cx * x) * Math.cos(Math.PI * cy * y), constant);
}
