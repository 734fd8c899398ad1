// The site's types of the API, from docs/openapi.yaml: node tests/contract/types.mjs [--check] FILE [OPENAPI]
// With --check the file must be what would be written.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const check = process.argv[2] === '--check';
const [file, contract = new URL('../../docs/openapi.yaml', import.meta.url).pathname] = process.argv.slice(check ? 3 : 2);
const types = await openapiTS(pathToFileURL(contract), { defaultNonNullable: false }); // a default makes no field of a request required
const text = `// Generated from docs/openapi.yaml by make generate. Do not edit.\n\n${astToString(types)}`;
if (!check) fs.writeFileSync(file, text);
else if (fs.readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is not what docs/openapi.yaml says; run make generate`);
  process.exitCode = 1;
}
