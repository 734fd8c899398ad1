// Prints what sharp makes of each image of a folder: its name, and the mean
// colours of 8 by 6 cells, on white. shared/image/render is tested with it:
//
//   node tests/bench/reference.mjs shared/image/render/testdata/reference >shared/image/render/testdata/reference.jsonl
import { readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

const [across, down] = [8, 6];

// The inner half of a cell, so that what compression does at edges does not count.
const inner = (length, cells, n) => [Math.floor((length * (4 * n + 1)) / (4 * cells)), Math.ceil((length * (4 * n + 3)) / (4 * cells))];

async function cells(file) {
  const { data, info } = await sharp(file).flatten({ background: 'white' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const colours = [];
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const [left, right] = inner(info.width, across, column);
      const [top, bottom] = inner(info.height, down, row);
      let colour = '';
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += data[(y * info.width + x) * info.channels + Math.min(channel, info.channels - 1)];
        }
        const mean = Math.round(sum / ((right - left) * (bottom - top)));
        colour += mean.toString(16).padStart(2, '0');
      }
      colours.push(colour);
    }
  }
  return colours.join(' ');
}

const folder = process.argv[2];
for (const name of readdirSync(folder).sort()) {
  console.log(JSON.stringify([name, await cells(path.join(folder, name))]));
}
