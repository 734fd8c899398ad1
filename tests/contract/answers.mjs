// Validates answers of the API against docs/openapi.yaml by Ajv, beside the validator in Go that the end-to-end tests use:
// node tests/contract/answers.mjs <answers
//
// Each line of the input is an answer: {"operation", "status", "type", "body"}, where body is the text of a JSON document
// or null. It prints what does not fit, and fails unless it has seen an answer.
import fs from 'node:fs';
import readline from 'node:readline';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import yaml from 'js-yaml';

const document = yaml.load(fs.readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8'), { schema: yaml.JSON_SCHEMA.extend({ implicit: [yaml.types.merge] }) });
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'contract');

const escaped = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The JSON pointers of the operations, by their IDs. */
const operations = Object.fromEntries(Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).filter(([, { operationId }]) => operationId).map(([method, { operationId }]) => [operationId, ['paths', path, method]])));

/** Follows a path of names, and references on the way. It returns where that ends, and the value there. */
function follow(names) {
  let [value, place] = [document, []];
  for (const name of names) {
    [value, place] = [value?.[name], [...place, name]];
    if (value?.$ref) {
      place = value.$ref.slice('#/'.length).split('/');
      value = place.reduce((at, part) => at[part], document);
    }
  }
  return { value, pointer: place.map(escaped).map(encodeURIComponent).join('/') };
}

/** What is wrong with an answer, '' if nothing is. */
function judge({ operation, status, type, body }) {
  const { value: response, pointer } = follow([...operations[operation], 'responses', String(status)]);
  if (!response) return 'there is no such status';
  if (!response.content || body === null && !type) return '';
  const media = type.split(';')[0].trim();
  if (!response.content[media]) return `there is no such media type: ${type}`;
  if (body === null) return '';
  const validate = ajv.getSchema(`contract#/${pointer}/content/${encodeURIComponent(escaped(media))}/schema`);
  return validate(JSON.parse(body)) ? '' : ajv.errorsText(validate.errors);
}

let seen = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const answer = JSON.parse(line);
  seen++;
  const wrong = judge(answer);
  if (wrong) {
    console.error(`${answer.operation} ${answer.status}: ${wrong}: ${answer.body?.slice(0, 300)}`);
    process.exitCode = 1;
  }
}
console.log(`${seen} answers of the API validated by Ajv`);
if (!seen) process.exitCode = 1;
