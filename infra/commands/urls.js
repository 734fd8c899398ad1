'use strict';
// Writes a browser's result for each URL in shared/link/weburl/testdata/urls.json, according to the
// reference implementation that package.json pins; null if it is not a valid URL. With --check it
// only compares.
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
  console.error(`${file} differs from the results of whatwg-url; run make urls`);
  process.exit(1);
}
