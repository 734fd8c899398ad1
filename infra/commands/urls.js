'use strict';
// Writes what a browser makes of each URL in shared/link/weburl/testdata/urls.json, by the
// reference implementation that package.json pins: null is a failure. With --check, it only
// compares.
const fs = require('fs');
const path = require('path');
const { URL } = require('whatwg-url');

const file = path.join(__dirname, '../../shared/link/weburl/testdata/urls.json');
const href = (input) => {
  try {
    return new URL(input).href;
  } catch {
    return null;
  }
};
const before = fs.readFileSync(file, 'utf8');
const lines = JSON.parse(before).map(([input]) => JSON.stringify([input, href(input)]));
const after = `[\n${lines.join(',\n')}\n]\n`;
if (process.argv[2] !== '--check') {
  fs.writeFileSync(file, after);
} else if (after !== before) {
  console.error(`${file} differs from what whatwg-url says: run make urls`);
  process.exit(1);
}
