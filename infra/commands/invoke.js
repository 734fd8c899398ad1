'use strict';
// Invokes a function of the local cloud and waits for its answer:
//
//     infra/commands/at local node infra/commands/invoke.js minim-local-report-run '{}'
//
// It prints the log to standard error and the answer to standard output. The exit
// status is 1 if the function fails.
const { AWS_ENDPOINT_URL_LAMBDA, AWS_ACCESS_KEY_ID } = process.env;

async function main([name, data]) {
  const response = await fetch(`${AWS_ENDPOINT_URL_LAMBDA}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Amz-Log-Type': 'Tail', Authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/local` },
    body: data,
  }).catch(() => {
    throw new Error('the local cloud does not answer; start it with make dev');
  });
  process.stderr.write(Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64'));
  console.log(await response.text());
  if (!response.ok || response.headers.has('x-amz-function-error')) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`make invoke: ${error.message}`);
  process.exitCode = 1;
});
