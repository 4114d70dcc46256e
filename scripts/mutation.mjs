// `npm run mutation -- [GROUP...]`: mutation testing of the rating and money files, group by group; see docs/mutation.md.
// Answers of earlier runs are kept, so that only what changed is tried again; `--force` tries everything, `--one-in=3` a sample.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS, reportOf } from './mutation/groups.mjs';
import { NOT_IN_SAMPLE } from './mutation/one-in.mjs';
import { ensureInstalled, root, say } from './prepare.mjs';

ensureInstalled();

const args = process.argv.slice(2);
const oneIn = args.find((arg) => arg.startsWith('--one-in='))?.split('=')[1] ?? '1';
if (!/^[1-9]\d?(:\d{1,2})?$/.test(oneIn)) {
  say('--one-in takes a number: --one-in=3 tries the functions of every third name, --one-in=3:1 and 3:2 the others.');
  process.exit(2);
}
const flags = args.filter((arg) => arg.startsWith('--') && !arg.startsWith('--one-in='));
const asked = args.filter((arg) => !arg.startsWith('--'));
const unknown = asked.filter((name) => !Object.hasOwn(GROUPS, name));
if (unknown.length > 0) {
  say(`No group ${unknown.join(', ')}. There are: ${Object.keys(GROUPS).join(', ')}.`);
  process.exit(2);
}
const names = asked.length > 0 ? asked : Object.keys(GROUPS);

/** Mutants of a group by how they ended, and the seconds that it took. */
function tally(name, seconds) {
  const report = JSON.parse(readFileSync(join(root, reportOf(name, oneIn)), 'utf8'));
  const counts = { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, RuntimeError: 0, Ignored: 0 };
  for (const { mutants } of Object.values(report.files))
    for (const { status, statusReason } of mutants) if (statusReason !== NOT_IN_SAMPLE) counts[status]++;
  return { name, seconds, counts };
}

const scoreOf = ({ Killed, Timeout, Survived, NoCoverage }) =>
  (100 * (Killed + Timeout)) / (Killed + Timeout + Survived + NoCoverage);

const rows = [];
let failed = false;
for (const name of names) {
  const started = Date.now();
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', ...flags],
    { cwd: root, stdio: 'inherit', env: { ...process.env, MUTATION_GROUP: name, MUTATION_ONE_IN: oneIn } },
  );
  failed ||= status !== 0;
  rows.push(tally(name, (Date.now() - started) / 1000));
}

const total = { name: 'all', seconds: 0, counts: {} };
for (const { seconds, counts } of rows) {
  total.seconds += seconds;
  for (const [ended, count] of Object.entries(counts)) total.counts[ended] = (total.counts[ended] ?? 0) + count;
}
say('\ngroup       score  killed  timeout  survived  no coverage  errors  texts  seconds');
for (const { name, seconds, counts } of [...rows, total]) {
  const figures = [
    [`${scoreOf(counts).toFixed(1)} %`, 7],
    [counts.Killed, 8],
    [counts.Timeout, 9],
    [counts.Survived, 10],
    [counts.NoCoverage, 13],
    [counts.RuntimeError, 8],
    [counts.Ignored, 7],
    [seconds.toFixed(0), 9],
  ];
  say(name.padEnd(10) + figures.map(([figure, width]) => String(figure).padStart(width)).join(''));
}
process.exit(failed ? 1 : 0);
