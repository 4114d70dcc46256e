import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cuts, type CutsBug } from './cuts.js';

export interface CutsProofOptions {
  /** 1,000 is the figure of the issue. */
  readonly cuts: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

const SHOWN = 12;
const BUGS: readonly (readonly [CutsBug, RegExp])[] = [
  ['goes on behind what it was told', /missing/],
  ['forgets its checkpoint', /doubled/],
];
const FAULTS_TO_SHOW_A_BUG = 6;

/** Cuts, lost answers, drops and restarts between writers, projections and the log; and what is seeded into a projection must be found. */
export async function runCutsProof({ cuts, seed, print = console.log }: CutsProofOptions): Promise<boolean> {
  const started = performance.now();
  const { faults, acknowledged, unknown, refused, repeated, events, findings } = await Cuts.run({ faults: cuts, seed });
  // Where nothing was acknowledged, or no fault was felt, it proves nothing.
  let isWell = findings.length === 0 && acknowledged > cuts && unknown + refused + repeated > 0;
  print(
    `${isWell ? 'ok  ' : 'FAIL'} ${[...faults].map(([fault, count]) => `${count} ${fault}`).join(', ')}: ` +
      `${acknowledged} appends of ${events} events acknowledged, ${unknown} told as unknown, ${refused} as not written, ${repeated} found done when sent again; ${findings.length} findings`,
  );
  for (const finding of findings.slice(0, SHOWN)) print(`       ${finding}`);
  for (const [bug, shows] of BUGS) {
    const seeded = await Cuts.run({ faults: FAULTS_TO_SHOW_A_BUG, seed, bug });
    const shown = seeded.findings.find((one) => shows.test(one));
    isWell &&= shown !== undefined;
    print(`${shown === undefined ? 'FAIL' : 'ok  '} seeded bug, a projection that ${bug}: ${shown ?? 'not found'}`);
  }
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return isWell;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** All scenarios with their logs in an EventStoreDB: the protocol server, or a real one by BILLTRAIL_TEST_ESDB. */
export function runStoresProof({ print = console.log }: { readonly print?: (line: string) => void } = {}): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-stores-'));
  const report = join(folder, 'jest.json');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  spawnSync(process.execPath, [...jest, '--json', `--outputFile=${report}`, 'test/scenarios'], {
    env: { ...process.env, BILLTRAIL_TEST_STORE: 'eventstoredb' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const counts = JSON.parse(readFileSync(report, 'utf8')) as Counts;
  rmSync(folder, { recursive: true });
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  print(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${counts.testResults.length} files of scenarios on an EventStoreDB: ${counts.numPassedTests} passed, ${failed} failed`,
  );
  for (const { assertionResults } of counts.testResults)
    for (const { fullName, status } of assertionResults) if (status === 'failed') print(`       ${fullName}`);
  return failed === 0;
}
