// Measures sharp: node sharp.mjs one|two FILE [FOLDER] prints what bench's own
// processes print. "one": a variant after the other on one thread; "two": all at
// once. "progressive": writes FILE again, as FOLDER, in scans.
import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';

const [mode, file, folder] = process.argv.slice(2);
const data = readFileSync(file);
sharp.cache(false);
sharp.concurrency(mode === 'two' ? 2 : 1);

if (mode === 'progressive') {
  writeFileSync(folder, await sharp(data).jpeg({ quality: 85, progressive: true, optimizeCoding: true }).toBuffer());
  process.exit(0);
}

const { hasAlpha } = await sharp(data).metadata();
const variant = width => {
  const resized = sharp(data).resize({ width });
  return (hasAlpha ? resized.png() : resized.jpeg({ quality: 80 })).toBuffer();
};

async function variants() {
  const widths = [1280, 640, 320];
  if (mode === 'two') return Promise.all(widths.map(variant));
  const out = [];
  for (const width of widths) out.push(await variant(width));
  return out;
}

const times = [];
const work = [];
let made;
for (let i = 0; i < 4; i++) {
  const started = performance.now();
  const before = process.cpuUsage();
  made = await variants();
  times.push(performance.now() - started);
  const { user, system } = process.cpuUsage(before);
  work.push((user + system) / 1000);
}
if (folder) made.forEach((body, i) => writeFileSync(`${folder}/${1280 >> i}.jpg`, body));
const median = values => values.slice(1).sort((a, b) => a - b)[1];
const rss = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
console.log(JSON.stringify({ ms: median(times), cpu: median(work), rss, bytes: made.reduce((sum, body) => sum + body.length, 0) }));
