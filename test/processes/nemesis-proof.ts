import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogProcess } from '../esdb/log-process.js';
import { folderOfNode } from '../esdb/nodes.js';
import { Nemesis, type NemesisOptions, type NemesisRun } from './nemesis.js';
import { lookAtHistory, type HistoryFindings } from './nemesis-history.js';
import { isTormented, notReached } from './reached.js';
import { SEEDED_BUGS, type SeededBug } from './seeded-bugs.js';

export interface NemesisProofOptions {
  /** How long the servers are tormented at least. */
  readonly seconds: number;
  readonly seed: number;
  /** `nodes`: each has a folder of its own, and the log is in an EventStoreDB. */
  readonly on: 'one folder' | 'nodes';
  readonly print?: (line: string) => void;
}

/** A longer torment is one house after the other: each history is looked at at every position, which takes longer the longer it is. */
const HOUSE_SECONDS = 90;
/** For how long a server is stopped, in seconds: 5 to 40, and less where the whole is short. */
const STOPPED = [5, 40] as const;
const SHORT_STOPS = [1, 4] as const;
const SHORT_SECONDS = 60;
/** From so many on, each kind of fault must have been there. */
const LONG_SECONDS = 300;
/** Months that servers take turns at in each house: at the least, of nodes, of which some stand still for a third of the time, and where a bug is seeded. */
const MONTHS = 3;
const MONTHS_OF_NODES = 1;
const BUG_MONTHS = 4;
const BUG_SECONDS = 10;
const SHOWN = 12;

/** Each history is looked at at every position: so many leaders of one house, and then the next. */
const LEADERS_OF_A_HOUSE = 25;

export interface LeadersProofOptions extends Pick<NemesisProofOptions, 'seed' | 'print'> {
  /** 100 is the figure of the issue. */
  readonly leaders: number;
}

/** Three nodes, of which whoever leads is killed or stopped, so many times: what policies record is recorded once. */
export async function runLeadersProof({ leaders, seed, print = console.log }: LeadersProofOptions): Promise<boolean> {
  const started = performance.now();
  const isWell: boolean[] = [];
  for (let done = 0; done < leaders; done += LEADERS_OF_A_HOUSE) {
    const ofHouse = Math.min(LEADERS_OF_A_HOUSE, leaders - done);
    const options = { seed: seed * 1_000 + done, seconds: 0, months: 0, leaders: ofHouse };
    isWell.push((await withstands({ ...options, stopped: STOPPED }, 'nodes', print))[0]);
  }
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return isWell.every(Boolean);
}

/** Three servers on one folder against stops, kills and wrong clocks; and what is seeded into them must be found. */
export async function runNemesisProof({
  seconds,
  seed,
  on,
  print = console.log,
}: NemesisProofOptions): Promise<boolean> {
  const started = performance.now();
  const houses = Math.ceil(seconds / HOUSE_SECONDS);
  const isWell: boolean[] = [];
  const runs: NemesisRun[] = [];
  for (let house = 0; house < houses; house++) {
    const ofHouse = Math.min(HOUSE_SECONDS, seconds - house * HOUSE_SECONDS);
    const stopped = ofHouse <= SHORT_SECONDS ? SHORT_STOPS : STOPPED;
    const options = {
      seed: seed * 1_000 + house,
      seconds: ofHouse,
      months: on === 'nodes' ? MONTHS_OF_NODES : MONTHS,
      stopped,
    };
    const [isClean, run] = await withstands(options, on, print);
    isWell.push(isClean);
    runs.push(run);
  }
  if (on === 'nodes') isWell.push(reachesAll(runs, seconds, print));
  for (const [bug, shows] of Object.entries(SEEDED_BUGS) as [SeededBug, RegExp][])
    isWell.push(await catches(bug, shows, { seed, on }, print));
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return isWell.every(Boolean);
}

async function withstands(
  options: Omit<NemesisOptions, 'folder' | 'log' | 'bug'>,
  on: NemesisProofOptions['on'],
  print: (line: string) => void,
): Promise<readonly [isClean: boolean, run: NemesisRun]> {
  const [run, seen] = await once(options, on, 'every position', print);
  const answered = run.asked.filter(({ answer }) => answer !== null && answer.status !== 503).length;
  const isClean =
    seen.findings.length === 0 &&
    run.months >= options.months &&
    isTormented(run, seen.acknowledged) &&
    // Where policies had nothing to do, nothing says that they do it once.
    seen.byPolicies > (options.leaders ?? 0);
  print(
    `${isClean ? 'ok  ' : 'FAIL'} three servers, ${on}: ${run.asked.length} requests, ${answered} answered, ${seen.acknowledged} writes acknowledged, ${run.months} months in turns, ${seen.events} events, ${seen.byPolicies} of them by policies; ` +
      `${run.kills} kills, ${run.deaths} deaths right after an append of ${run.diedAfter.size} types, ${run.freezes} stops, ${run.clocks} wrong clocks, ${[...run.networkFaults.values()].reduce((sum, count) => sum + count, 0)} faults of network and log, ${run.changesOfLeader} changes of leader; ` +
      `${seen.looks} looks by all laws; ${seen.findings.length} findings`,
  );
  for (const finding of seen.findings.slice(0, SHOWN)) print(`       ${finding}`);
  print(`     503: ${unavailable(run)}`);
  return [isClean, run];
}

/** A long proof must do everything to the nodes; a short one says what it did not. */
function reachesAll(runs: readonly NemesisRun[], seconds: number, print: (line: string) => void): boolean {
  const missing = notReached(runs);
  const isWell = missing.length === 0 || seconds < LONG_SECONDS;
  print(`${isWell ? 'ok  ' : 'FAIL'} what never went wrong: ${missing.join(', ') || 'nothing'}`);
  return isWell;
}

/** Where something is found without a seeded bug, the folder is kept, with all that was asked. */
async function once(
  options: Omit<NemesisOptions, 'folder' | 'log'>,
  on: NemesisProofOptions['on'],
  where: 'every position' | 'the end',
  print: (line: string) => void,
): Promise<readonly [NemesisRun, HistoryFindings]> {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-nemesis-'));
  const log = on === 'nodes' ? await LogProcess.start() : undefined;
  const run = await Nemesis.run({ ...options, folder, log });
  const seen = await lookAtHistory(log === undefined ? folder : folderOfNode(folder, 0), run, where, log?.url);
  await log?.end();
  if (seen.findings.length > 0 && options.bug === undefined) {
    writeFileSync(join(folder, 'asked.json'), JSON.stringify(run.asked));
    print(`     kept: ${folder}`);
  } else rmSync(folder, { recursive: true, force: true });
  return [run, seen];
}

/** In one run: the months that servers take turns at are told so that each of these bugs shows. */
async function catches(
  bug: SeededBug,
  shows: RegExp,
  { seed, on }: Pick<NemesisProofOptions, 'seed' | 'on'>,
  print: (line: string) => void,
): Promise<boolean> {
  const options = { seed, seconds: BUG_SECONDS, months: BUG_MONTHS, stopped: SHORT_STOPS, bug };
  const [run, { findings }] = await once(options, on, 'the end', print);
  const [first, ...more] = findings.filter((one) => shows.test(one));
  print(
    first === undefined
      ? `FAIL seeded bug, ${bug}: not found in ${run.months} months in turns, beside ${findings.length} other findings`
      : `ok   seeded bug, ${bug}: found ${more.length + 1} times in ${run.months} months in turns, such as: ${first.slice(0, 200)}`,
  );
  return first !== undefined;
}

function unavailable({ asked }: NemesisRun): string {
  const codes = new Map<string, number>();
  for (const { answer } of asked) {
    const { code } = (answer?.body ?? {}) as { code?: string };
    if (answer?.status === 503) codes.set(String(code), (codes.get(String(code)) ?? 0) + 1);
  }
  return [...codes].map(([code, count]) => `${code} ${count}`).join(', ') || 'none in the end';
}
