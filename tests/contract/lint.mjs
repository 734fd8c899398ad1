// Lints docs/openapi.yaml by the recommended rules of Redocly and of Spectral: node tests/contract/lint.mjs
// Any warning fails. Neither tool may send anything: their command lines would.
import fs from 'node:fs';
import { createConfig, lint } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import rulesets from '@stoplight/spectral-rulesets';

const file = new URL('../../docs/openapi.yaml', import.meta.url).pathname;

async function redocly() {
  const problems = await lint({ ref: file, config: await createConfig({ extends: ['recommended'] }) });
  return problems.map(({ ruleId, message, location: [place] }) => `redocly: ${ruleId}: ${message} (${place?.pointer})`);
}

async function byRuleset() {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [[rulesets.oas, 'recommended']] });
  const problems = await linter.run(new spectral.Document(fs.readFileSync(file, 'utf8'), parsers.Yaml, file));
  return problems.map(({ code, message, path, range }) => `spectral: line ${range.start.line + 1}: ${code}: ${message} (${path.join('.')})`);
}

const problems = [...await redocly(), ...await byRuleset()];
problems.forEach((problem) => console.error(`docs/openapi.yaml: ${problem}`));
process.exitCode = problems.length ? 1 : 0;
