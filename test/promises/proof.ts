import { compareTexts } from '@billtrail/kernel';
import { aCentMore, forgotten } from './seeded.js';
import { provePromises } from './promises.js';
import type { PromiseFigures } from './figures.js';

export interface PromisesProofOptions {
  readonly contracts: number;
  readonly seed: number;
  /** Contracts that a seeded bug is looked for in. */
  readonly bugged?: number;
  readonly print?: (line: string) => void;
  /** Told the figures so far after each contract. */
  readonly onContract?: (figures: PromiseFigures) => void;
}

const TELL_EVERY = 100;
const MOST_SHOWN = 20;

/** The proof of promises: contract check, what-if, plan and back-dating beside the rating and the drafts that come, item by item and to the cent. */
export async function runPromisesProof({
  contracts,
  seed,
  bugged = 20,
  print = console.log,
  onContract,
}: PromisesProofOptions): Promise<boolean> {
  const started = performance.now();
  const verdicts: boolean[] = [];
  const check = (line: string, holds: boolean): void => {
    verdicts.push(holds);
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  let shown = 0;
  const tell = (figures: PromiseFigures): void => {
    onContract?.(figures);
    for (const one of figures.broken.slice(shown, MOST_SHOWN)) print(`     ${one}`);
    shown = figures.broken.length;
    if (figures.contracts % TELL_EVERY === 0)
      print(`     ${figures.contracts} of ${contracts} contracts, ${figures.broken.length} promises broken`);
  };
  const figures = await provePromises({ contracts, seed, onContract: tell });
  const { broken, changes } = figures;
  const changed = [...changes.values()].reduce((sum, one) => sum + one, 0);
  check(`${figures.contracts} contracts, ${changed} changes: ${broken.length} promises broken`, broken.length === 0);
  check(
    `contract check: ${figures.ruled} items by the promised rule, ${figures.priced} at the promised price`,
    figures.priced > 0,
  );
  check(
    `what-if: ${figures.periods} client-periods as promised, ${figures.changed} of them changed; back-dating: ${figures.backDated}`,
    figures.changed > 0 && figures.backDated > 0,
  );
  check(
    `plans: ${figures.planned} months to the cent, and what gaps say of lines that stay in ${figures.frozen}`,
    figures.planned > 0,
  );
  check(`drafts: ${figures.drafts} of ${figures.lines} lines, as rated`, figures.lines > 0);
  check(`${figures.refused} changes refused as the question was`, figures.refused < changed);
  for (const [what, bends] of [
    ['a cent more than what happens', aCentMore],
    ['a difference that is kept back', forgotten],
  ] as const) {
    const bug = await provePromises({ contracts: bugged, seed, bends });
    check(`seeded bug, ${what}: ${bug.broken.length} broken promises found`, bug.broken.length > 0);
  }
  const kinds = [...changes].sort(([one], [other]) => compareTexts(one, other)).map((one) => one.join(' '));
  print(`     changes: ${kinds.join(', ')}`);
  print(`     seed ${seed}, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  return verdicts.every(Boolean);
}
