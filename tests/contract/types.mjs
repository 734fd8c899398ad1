// The site's types of the API, from docs/openapi.yaml: node tests/contract/types.mjs [--check] FILE
// With --check the file must be what would be written.
import fs from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const check = process.argv[2] === '--check';
const file = process.argv.at(-1);
const types = await openapiTS(new URL('../../docs/openapi.yaml', import.meta.url), { defaultNonNullable: false }); // a default makes no field of a request required
const text = `// Generated from docs/openapi.yaml by make generate. Do not edit.\n\n${astToString(types)}`;
if (!check) fs.writeFileSync(file, text);
else if (fs.readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is not what docs/openapi.yaml says; run make generate`);
  process.exitCode = 1;
}
