import { rate } from '@billtrail/billing';
import { billableItemsRatedBy } from '../../libs/read-models/src/billable-items/projection.js';
import { PROJECTIONS } from '../../libs/read-models/src/read-models.js';
import type { Projection } from '../../libs/read-models/src/runner/projection.js';
import { Random } from '../crash/random.js';
import { WholeStory } from './any-field.js';
import { answersWithout, poisoned } from './poisoned.js';
import { priceInNoCurrency, randomPoison } from './random-poison.js';

export interface PoisonProofOptions {
  readonly facts: number;
  /** Fields of events of a whole story, one at a time, that stand in its log in an odd way. */
  readonly fields?: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

type Rate = Parameters<typeof billableItemsRatedBy>[0];
const ratedBy = (rateWith: Rate): readonly Projection[] =>
  PROJECTIONS.map((one) => (one.name === 'billable-items' ? billableItemsRatedBy(rateWith) : one));

/** What the proof must find: an error that parks nobody, and one that parks a neighbour too. */
export const SEEDED: Readonly<Record<string, readonly Projection[]>> = {
  'the catch is taken away': ratedBy((facts) => {
    try {
      return rate(facts);
    } catch (error) {
      throw new Error((error as Error).message, { cause: error });
    }
  }),
  'parks too much': ratedBy((facts) => {
    if (facts.clientId === 'cove') throw new TypeError('a neighbour');
    return rate(facts);
  }),
};

/** The proof of poison: facts that no door lets in park exactly what they concern, and heal. */
export async function runPoisonProof({
  facts,
  fields = 0,
  seed,
  print = console.log,
}: PoisonProofOptions): Promise<boolean> {
  const started = performance.now();
  const random = new Random(seed);
  const without = await answersWithout();
  const kinds = new Map<string, number>();
  let wrong = 0;
  for (let number = 0; number < facts; number++) {
    const poison = randomPoison(random, number);
    kinds.set(poison.kind, (kinds.get(poison.kind) ?? 0) + 1);
    const found = await poisoned(poison, without);
    if (found.length === 0) continue;
    wrong += 1;
    print(
      `FAIL fact ${number}, ${poison.kind} of ${poison.clientId} in ${poison.month}: ${JSON.stringify(poison.told[0]?.data)}: ${found.join('; ')}`,
    );
  }
  for (const [kind, count] of kinds) print(`     ${count} x ${kind}`);
  print(
    `${wrong === 0 ? 'ok  ' : 'FAIL'} ${facts} poisoned facts: ${facts - wrong} parked what they concern, and healed`,
  );
  if (fields > 0) wrong += await oddFields(fields, random, print);
  let missed = 0;
  const at = { clientId: 'acme', month: '2026-03' };
  for (const [name, projections] of Object.entries(SEEDED)) {
    const found = await poisoned(priceInNoCurrency(at), without, projections);
    if (found.length === 0) missed += 1;
    print(`${found.length > 0 ? 'ok  ' : 'FAIL'} seeded bug, ${name}: ${found[0] ?? 'not found'}`);
  }
  print(`     seed ${seed}, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  return wrong + missed === 0;
}

async function oddFields(fields: number, random: Random, print: (line: string) => void): Promise<number> {
  const story = await WholeStory.read();
  let wrong = 0;
  for (let number = 0; number < fields; number++) {
    const odd = story.oddField(random);
    const found = await story.poisoned(odd);
    if (found.length === 0) continue;
    wrong += 1;
    print(`FAIL ${JSON.stringify(odd)}: ${found.slice(0, 3).join('; ')}`);
  }
  print(`${wrong === 0 ? 'ok  ' : 'FAIL'} ${fields} odd fields: ${fields - wrong} concern nobody but their clients`);
  return wrong;
}
