import { centsOff, proveSums, type SumsFigures } from './sums.js';

export interface SumsProofOptions {
  /** 1,000,000 is the figure of `quality.md`. */
  readonly items: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

/** The proof of sums: items, lines, documents, a ledger of integers and the rating of afterwards agree to the cent, in every currency. */
export function runSumsProof({ items, seed, print = console.log }: SumsProofOptions): boolean {
  const started = performance.now();
  let told = 0;
  const onPeriod = (figures: SumsFigures): void => {
    if (figures.items < told + 100_000) return;
    told = figures.items;
    print(`     ${figures.items} of ${items} items`);
  };
  const figures = proveSums({ items, seed, onPeriod });
  const seconds = (performance.now() - started) / 1_000;
  const verdicts: boolean[] = [];
  const check = (line: string, holds: boolean): void => {
    verdicts.push(holds);
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  for (const one of figures.currencies) {
    const { currency, ledger } = one;
    check(
      `${currency}: items ${one.items}, lines ${one.lines}, documents ${one.documents}, rated again ${one.ratedAgain}; ledger ${ledger} minor units`,
      [one.items, one.lines, one.documents, one.ratedAgain].every((sum) => sum === ledger),
    );
  }
  check(
    `${figures.items} items of ${figures.periods} client-periods, ${figures.lines} lines, ${figures.notOnDocuments} on no document: ${centsOff(figures)} cents off`,
    figures.items >= items && centsOff(figures) === 0n,
  );
  check(`${figures.imbalances} measures of work that items do not hold (law L1)`, figures.imbalances === 0);
  check(`${figures.leftovers} items or mismatches left after everything was invoiced`, figures.leftovers === 0);
  const bug = proveSums({ items: 5_000, seed, addsACent: true });
  check(`seeded bug, one minor unit too much on one line of 5,000: ${centsOff(bug)} found`, centsOff(bug) === 1n);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
  print(`     seed ${seed}, ${seconds.toFixed(0)} s, at most ${megabytes} MB`);
  return verdicts.every(Boolean);
}
