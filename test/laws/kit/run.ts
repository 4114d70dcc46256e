import fc from 'fast-check';
import type { History, Tally } from './history.js';
import type { House } from './house.js';
import { Model } from './model.js';
import { observe, type Observed } from './observed.js';
import { anyStep, type Step } from './steps.js';
import { begin, tell } from './tell.js';

/** Random histories for each law. A proof raises it: `LAW_RUNS=2000`. */
export const RUNS = Number(process.env['LAW_RUNS'] ?? 40);
/** The histories are the same in every run, until somebody asks for others. */
export const SEED = Number(process.env['LAW_SEED'] ?? 20_260_301);
const STEPS = { minLength: 20, maxLength: 100, size: 'max' } as const;
/** A law is looked at after this many steps, and at the end. */
const LOOK_EVERY = 8;

export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.array(anyStep, STEPS);
export const TIMEOUT_MS = 60_000 + RUNS * 6_000;

/** Tells random histories; `look` is called at chosen positions of each and answers what it finds against a law; `tally` counts commands. */
export async function overHistories(
  look: (history: History, isEnd: boolean) => Promise<readonly string[]>,
  tally: Tally = new Map(),
): Promise<void> {
  const property = fc.asyncProperty(anyHistory, async (steps) => {
    const history = await begin(tally);
    try {
      for (const [index, step] of steps.entries()) {
        await tell(history, step);
        await history.follower();
        const isEnd = index === steps.length - 1;
        if (!isEnd && index % LOOK_EVERY !== LOOK_EVERY - 1) continue;
        const findings = await look(history, isEnd);
        if (findings.length > 0) throw new Error(`after step ${index + 1}:\n${findings.join('\n')}`);
      }
    } finally {
      await history.house.close();
    }
  });
  await fc.assert(property, {
    numRuns: RUNS,
    seed: SEED,
    // A law that is broken is told in time, with the shortest history found until then.
    interruptAfterTimeLimit: TIMEOUT_MS / 2,
    markInterruptAsFailure: true,
  });
}

/** The model and the read models at the end of the log. */
export async function lookAt({
  house,
}: {
  readonly house: House;
}): Promise<{ readonly model: Model; readonly observed: Observed }> {
  await house.billtrail.upToDate();
  const model = Model.of(await house.events());
  return { model, observed: await observe(house.billtrail.models, model.tickets.keys(), await house.today()) };
}
