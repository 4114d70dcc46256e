import fc from 'fast-check';
import type { History, Tally } from './history.js';
import type { Law } from './law.js';
import { LAWS, brokenLaws } from './laws.js';
import type { Look } from './look.js';
import { anyStep, type Step, type StepKind } from './steps.js';
import { begin, tell } from './tell.js';
import { Watcher } from './watcher.js';

const STEPS = { minLength: 20, maxLength: 80, size: 'max' } as const;
/** A history is looked at after so many steps, and at its end. */
const LOOK_EVERY = 8;
/** So many histories are told at most to find a shorter one that breaks a law. */
const SHRINKS = 60;

export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.array(anyStep, STEPS);

export interface Run {
  readonly histories: number;
  /** The same seed, the same histories. */
  readonly seed: number;
  readonly laws?: readonly Law[];
  /** Counts the commands. */
  readonly tally?: Tally;
  /** Absent: as many as find a short history that breaks a law. */
  readonly shrinks?: number;
  readonly onStep?: (kind: StepKind) => void;
  /** Called with each look, once no law was found broken. */
  readonly onLook?: (look: Look, isEnd: boolean) => void;
}

/** Tells random histories, and asks all laws of each at chosen positions and at its end. @throws at the first law that is broken. */
export async function overHistories({
  histories,
  seed,
  laws = LAWS,
  tally,
  shrinks = SHRINKS,
  onStep,
  onLook,
}: Run): Promise<void> {
  let broken = 0;
  let again = 0;
  const ask = (look: Look, isEnd: boolean, steps: number): void => {
    const findings = brokenLaws(look, laws);
    if (findings.length > 0) throw new Error(`after step ${steps}:\n${findings.join('\n')}`);
    if (broken === 0) onLook?.(look, isEnd);
  };
  const property = fc.asyncProperty(anyHistory, async (steps) => {
    // What is told again to find a shorter history is bounded by count; what is not told any more counts as sound.
    if (broken > 0 && (again += 1) > shrinks) return;
    const history = await begin(broken === 0 ? tally : undefined);
    try {
      await tellWatched(history, steps, ask, broken === 0 ? onStep : undefined);
    } catch (error) {
      broken += 1;
      throw error;
    } finally {
      await history.close();
    }
  });
  await fc.assert(property, { numRuns: histories, seed });
}

async function tellWatched(
  history: History,
  steps: readonly Step[],
  ask: (look: Look, isEnd: boolean, steps: number) => void,
  onStep?: (kind: StepKind) => void,
): Promise<void> {
  const watcher = new Watcher(history);
  for (const [index, step] of steps.entries()) {
    await tell(history, step);
    onStep?.(step.do);
    if (index < steps.length - 1 && index % LOOK_EVERY === LOOK_EVERY - 1) ask(await watcher.look(), false, index + 1);
  }
  for (const look of await watcher.lookAtEnd()) ask(look, true, steps.length);
}
