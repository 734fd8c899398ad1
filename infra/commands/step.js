'use strict';
// Runs one step of the set-up and shows its progress:
//
//     node infra/commands/step.js NUMBER 'building 19 functions' COMMAND…
//
// The variable STEPS is the number of steps; without it the step's number is not shown. On a terminal the
// progress is one line that changes. Elsewhere a line is printed every PROGRESS seconds, 10 by default; 0 turns it
// off. A step that takes less than two seconds prints nothing. The command's standard error is always
// shown, its standard output only if it fails. The exit status is the command's.
const { spawn } = require('child_process');
const os = require('os');

const [number, title, ...command] = process.argv.slice(2);
const { STEPS, PROGRESS = '10' } = process.env;
const name = STEPS ? `[${number}/${STEPS}] ${title}` : title;
const out = process.stderr;
const begun = Date.now();
const seconds = () => Math.round((Date.now() - begun) / 1000);

let detail = ''; // the progress, if known
let shown = false;

/** Replaces the progress line on a terminal, or prints a new one. */
function show(end) {
  const line = `${name} … ${detail ? `${detail}, ` : ''}${seconds()} s`;
  out.write(out.isTTY ? `\r\x1b[2K${line}${end ? '\n' : ''}` : `${line}${end ? ', done' : ''}\n`);
  shown = true;
}

/** Starts to show the progress, and returns the function that ends it. */
function progress() {
  const interval = Number(PROGRESS) * 1000;
  if (!(interval > 0)) return () => {};
  const every = out.isTTY ? 500 : interval;
  let timer = setTimeout(function again() {
    show(false);
    timer = setTimeout(again, every);
  }, Math.min(2000, interval));
  return () => {
    clearTimeout(timer);
    if (shown) show(true);
  };
}

/** Prints a command's output, above the progress line. */
function say(text) {
  if (shown && out.isTTY) out.write('\r\x1b[2K');
  out.write(text);
}

/** Runs a command, and calls heard with each line of its standard error. Resolves to its status and standard output. */
function run([file, ...args], heard) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['inherit', 'pipe', 'pipe'] });
    let stdout = '', rest = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) heard(`${line}\n`);
    });
    child.on('error', (error) => {
      say(`${file}: ${error.message}\n`);
      resolve({ status: 127, stdout });
    });
    child.on('close', (status, signal) => {
      if (rest) heard(rest);
      resolve({ status: status ?? 128 + os.constants.signals[signal], stdout });
    });
  });
}

/** Runs go build, and counts the packages compiled so far out of those that are not up to date. */
async function build([go, , ...args]) {
  let modules = 0;
  const download = (line) => {
    if (!line.startsWith('go: downloading ')) return say(line);
    modules++;
    detail = `${modules} modules downloaded`;
  };
  const output = args.indexOf('-o');
  const flags = output < 0 ? args : args.toSpliced(output, 2);
  const listed = await run([go, 'list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...flags], download);
  if (listed.status !== 0) return listed;
  const stale = new Set(listed.stdout.split('\n').filter(Boolean));
  const all = `${stale.size} ${stale.size === 1 ? 'package' : 'packages'}`;
  let done = 0;
  const built = await run([go, 'build', '-v', ...args], (line) => {
    if (!stale.has(line.trim())) return download(line);
    done++;
    detail = done < stale.size ? `${done} of ${all}` : `${all}, linking`;
  });
  if (built.status === 0) detail = all;
  return built;
}

async function main() {
  const end = progress();
  const { status, stdout } = await (command[0] === 'go' && command[1] === 'build' ? build(command) : run(command, say));
  if (status !== 0) say(stdout);
  end();
  process.exitCode = status;
}

main();
