import { compareTexts } from '@billtrail/kernel';
import { told } from './operation.js';
import { fuzz, newFigures, type FuzzFigures } from './run.js';
import { shortened } from './shortened.js';

export interface FuzzProofOptions {
  /** 100,000 is the figure of the issue. */
  readonly requests: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

/** Requests on one log. */
const RUN = 500;
const TELL_EVERY = 5_000;
/** A route that nearly every run comes to; one of so many does. */
const SEEDED_BUG = '/v1/invoices/:invoiceId/lines';
const BUG_RUNS = 5;

/** Random operations over every command and question: none may fail, be answered otherwise than the API documents, stop anything or break a law. */
export async function runFuzzProof({ requests, seed, print = console.log }: FuzzProofOptions): Promise<boolean> {
  const started = performance.now();
  const figures = newFigures();
  const kinds = new Set<string>();
  for (let run = 0; run * RUN < requests; run++) {
    const of = { seed: seedOf(seed, run), requests: Math.min(RUN, requests - run * RUN) };
    const found = await fuzz({ ...of, figures });
    if ((run + 1) % (TELL_EVERY / RUN) === 0) print(`     ${figures.requests} of ${requests} requests`);
    if (found === null || kinds.has(found[0].key)) continue;
    const [finding, done] = found;
    kinds.add(finding.key);
    print(`FAIL seed ${of.seed}, operation ${done.length}: ${finding.key}\n${finding.text}`);
    for (const operation of await shortened(done, finding)) print(`       ${told(operation)}`);
  }
  describe(figures, print);
  const isClean = kinds.size === 0;
  print(
    `${isClean ? 'ok  ' : 'FAIL'} ${figures.requests} requests, looked at ${figures.looks} times by all laws: ${kinds.size} kinds of findings; ` +
      `${figures.statuses.get(503) ?? 0} answered 503 by design`,
  );
  const isCaught = await catchesSeededBug(seed, print);
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return isClean && isCaught;
}

function seedOf(seed: number, run: number): number {
  return seed * 100_000 + run;
}

/** It is found, and told by few operations. */
async function catchesSeededBug(seed: number, print: (line: string) => void): Promise<boolean> {
  for (let run = 0; run < BUG_RUNS; run++) {
    const found = await fuzz({
      seed: seedOf(seed, run),
      requests: RUN,
      figures: newFigures(),
      failsAt: SEEDED_BUG,
    });
    if (found === null) continue;
    const [finding, done] = found;
    const shortest = await shortened(done, finding, SEEDED_BUG);
    const isCaught = finding.key.startsWith('500 InternalError') && shortest.length <= MOST_OF_A_SHORT_RUN;
    print(
      `${isCaught ? 'ok  ' : 'FAIL'} seeded bug, a route that throws: found after ${done.length} operations, told by ${shortest.length}`,
    );
    return isCaught;
  }
  print(`FAIL seeded bug, a route that throws: not found in ${BUG_RUNS} runs`);
  return false;
}
const MOST_OF_A_SHORT_RUN = 5;

function describe({ statuses, routes }: FuzzFigures, print: (line: string) => void): void {
  const all = [...statuses].sort(([one], [other]) => one - other);
  print(`     ${all.map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  const sorted = [...routes].sort(([one], [other]) => compareTexts(one, other));
  for (const [route, { done, refused }] of sorted) print(`     ${route}: ${done} done, ${refused} refused`);
}
