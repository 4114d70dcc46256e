// `npm test`: everything that proves the product, from a clean clone. Ends with the true counts, alone on their line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root, say } from './prepare.mjs';
import { removeGroups, writeGroups } from './together/groups.mjs';

ensureInstalled();

const bin = (path) => join(root, 'node_modules', path);
const node = process.execPath;
/** Static proofs. Each counts as one test. */
const CHECKS = [
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'] },
  // One program for both: what the API documents is read from the types.
  { name: 'types, and what the API says of itself', args: [join(root, 'scripts/contract.mjs'), '--check'] },
  {
    name: 'architecture',
    args: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      'apps',
      'libs',
      'test',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  },
  { name: 'unused code and dependencies', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'code that only specs use', args: [bin('knip/bin/knip.js'), '--no-progress', '--production'] },
];

function run(args, { inherit = false } = {}) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(node, args, {
      cwd: root,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ ok: code === 0, output, seconds: (Date.now() - started) / 1000 }));
  });
}

let passed = 0;
let failed = 0;
async function check({ name, args }) {
  const result = await run(args);
  if (result.ok) passed++;
  else failed++;
  say(`${result.ok ? 'ok  ' : 'FAIL'} ${name} (${result.seconds.toFixed(1)} s)`);
  if (!result.ok) say(result.output);
}

/** Counts the run, and ends it: what nobody can build can't be tested. */
function end() {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
}

let isBuilt = false;
async function build() {
  isBuilt = (await run([join(root, 'scripts/build.mjs')], { inherit: true })).ok;
  if (!isBuilt) failed++;
}

// Two at a time: the machine this must be quick on has two cores. The build takes longest.
const queue = [build, ...CHECKS.map((one) => () => check(one))];
await Promise.all(
  [1, 2].map(async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  }),
);
if (!isBuilt) end();

const folder = mkdtempSync(join(tmpdir(), 'billtrail-test-'));

async function jest(args) {
  const report = join(folder, 'report.json');
  // Most of what tests make lives a moment: with more room for new objects (MB), which the workers have too, less time goes into clearing up.
  const forNode = ['--experimental-vm-modules', '--no-warnings', '--max-semi-space-size=64'];
  const jestArgs = [...forNode, bin('jest/bin/jest.js')];
  const { ok } = await run([...jestArgs, '--json', `--outputFile=${report}`, ...args], { inherit: true });
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    passed += counts.numPassedTests;
    // A suite that did not even load has no failed test of its own, and is a failure all the same.
    failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    if (counts.numPendingTests + counts.numTodoTests > 0) {
      failed += counts.numPendingTests + counts.numTodoTests;
      say('Skipped or pending tests count as failures: a test that does not run proves nothing.');
    }
    if (!ok && failed === 0) failed++;
  } catch {
    failed++;
    say('The test runner left no report.');
  }
}

const asked = process.argv.slice(2);
if (asked.length > 0) await jest(asked);
else {
  writeGroups();
  await jest(['--config', join(root, 'scripts/together/jest.config.mjs')]);
  removeGroups();
}
rmSync(folder, { recursive: true, force: true });
end();
