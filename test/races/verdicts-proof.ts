import fc from 'fast-check';
import { Verdicts, step } from './verdicts.js';

export interface VerdictsProofOptions {
  readonly histories: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

const STEPS = { minLength: 8, maxLength: 14 };
const TELL_EVERY = 20;

/** The proof of the verdicts: histories of three processes that forgo money, bill and credit at once. Answers whether nothing is wrong with any of them. */
export async function runVerdictsProof({
  histories,
  seed,
  print = console.log,
}: VerdictsProofOptions): Promise<boolean> {
  const verdicts = await Verdicts.begin();
  const wrong: string[] = [];
  const seen = new Set<string>();
  try {
    for (const [index, steps] of fc.sample(fc.array(step, STEPS), { seed, numRuns: histories }).entries()) {
      const told = await verdicts.tell(steps);
      for (const one of told.seen) seen.add(one);
      for (const finding of told.findings) wrong.push(`history ${index}: ${finding}`);
      if ((index + 1) % TELL_EVERY === 0) print(`     ${index + 1} of ${histories} histories`);
    }
  } finally {
    verdicts.end();
  }
  const isWell = wrong.length === 0;
  print(
    `${isWell ? 'ok  ' : 'FAIL'} ${histories} histories of three processes: ${wrong.length} findings; they came to ${[...seen].sort().join(', ')}`,
  );
  for (const line of wrong) print(`     ${line}`);
  return isWell;
}
