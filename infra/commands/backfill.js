'use strict';
// Recreates the variants of all images with an older recipe, and prints the progress:
//
//     node infra/commands/backfill.js RATE COMMAND…
//
// COMMAND… {…} invokes image-backfill with that event and prints its answer. RATE is the number of images started
// per second ("" for the function's default). It can be stopped at any time and started again: it skips images that
// are up to date.
const { spawnSync } = require('child_process');

const TIMEOUT = 180_000; // milliseconds without progress
const PAUSE = 2000;

function invoke([command, ...args], event) {
  const { status, stdout, stderr, error } = spawnSync(command, [...args, JSON.stringify(event)], { encoding: 'utf8' });
  const answer = /\{[^{}]*"looked"[^{}]*\}/.exec(stdout ?? '');
  if (error || status !== 0 || !answer) throw new Error(error?.message ?? `image-backfill failed:\n${stdout}${stderr}`);
  return JSON.parse(answer[0]);
}

/** Walks through all images in slices, and reports the sums after each slice. */
function walk(command, event, report) {
  const sum = { looked: 0, older: 0 };
  for (let after = ''; after !== undefined;) {
    const slice = invoke(command, { ...event, after });
    sum.looked += slice.looked;
    sum.older += slice.older;
    after = slice.after;
    report?.(sum);
  }
  return sum;
}

async function main(rate, command) {
  if (!/^\d*$/.test(rate)) throw new Error(`RATE=${rate} is not a number; set it to images per second, or omit it`);
  const all = walk(command, { rate: Number(rate) }, ({ looked, older }) => console.log(`checked ${looked} images, recreating ${older}`));
  let left = all.older, since = Date.now();
  while (left > 0 && Date.now() - since < TIMEOUT) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const { older } = walk(command, { count: true });
    if (older !== left) since = Date.now();
    left = older;
    console.log(`${Math.max(all.older - left, 0)} of ${all.older} done`);
  }
  if (left > 0) throw new Error(`${left} images keep their old variants; see the log of image-resize and the failures queue`);
  console.log('all images have the current recipe');
}

main(process.argv[2], process.argv.slice(3)).catch((error) => {
  console.error(`make backfill-images: ${error.message}`);
  process.exitCode = 1;
});
