import { compareTexts } from '@billtrail/kernel';
import { DEFECTS, isFound } from './defects.js';
import { ROLES_TRIED, tell, type Counts, type Sequence } from './insider.js';
import { notReached } from './reached.js';
import { World } from './world.js';

export interface InsidersProofOptions {
  /** Of each role, half of them with a second key of another role. */
  readonly sequences: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

const STEPS = 10;
const TELL_EVERY = 200;
/** So many findings are told whole. */
const MOST_TOLD = 5;

/** The proof of the insiders: random sequences of what the keys of one person may do. Answers whether money stayed in sight in all of them. */
export async function runInsidersProof({
  sequences,
  seed,
  print = console.log,
}: InsidersProofOptions): Promise<boolean> {
  const world = await World.begin();
  const counts: Counts = new Map();
  const wrong: (readonly string[])[] = [];
  for (const [index, role] of ROLES_TRIED.entries()) {
    for (let number = 0; number < sequences; number++) {
      const sequence = {
        role,
        isColluding: number % 2 === 1,
        steps: STEPS,
        seed: (seed * 10 + index) * 100_000 + number,
      };
      const told = await toldOrDeath(world, sequence, counts);
      if (told.length > 0)
        wrong.push([`${role}, seed ${sequence.seed}${sequence.isColluding ? ', colluding' : ''}`, ...told]);
      if ((number + 1) % TELL_EVERY === 0) print(`     ${role}: ${number + 1} of ${sequences} sequences`);
    }
  }
  for (const name of Object.keys(DEFECTS))
    if (!(await isFound(world, name))) wrong.push([`a house that ${name} is not found`]);
  const missing = notReached(counts);
  for (const kind of ['act', 'command', 'refused', 'person']) print(`     ${kind}: ${toldOf(counts, `${kind} `)}`);
  const isWell = wrong.length === 0 && missing.length === 0;
  print(
    `${isWell ? 'ok  ' : 'FAIL'} ${sequences} sequences of each of ${ROLES_TRIED.length} roles, seed ${seed}, and ${Object.keys(DEFECTS).length} defects planted: ${wrong.length} findings, never reached: ${missing.join(', ') || 'nothing'}`,
  );
  for (const lines of wrong.slice(0, MOST_TOLD)) print(lines.map((line) => `     ${line}`).join('\n'));
  return isWell;
}

/** A sequence that something throws in is a finding too: the rest goes on. */
async function toldOrDeath(world: World, sequence: Sequence, counts: Counts): Promise<readonly string[]> {
  try {
    return await tell(world, [sequence], counts);
  } catch (error) {
    return [`died: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

/** What begins so, how often. */
function toldOf(counts: Counts, beginning: string): string {
  return [...counts]
    .filter(([what]) => what.startsWith(beginning))
    .sort(([one], [other]) => compareTexts(one, other))
    .map(([what, times]) => `${what.slice(beginning.length)} ${times}`)
    .join(', ');
}
