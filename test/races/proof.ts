import { POLICIES, Races } from './races.js';

const TELL_EVERY = 20;

/** The proof of the policies: another process does all that they have to, right before each read and each append of the first. Answers whether all of it came out the same. */
export async function runPoliciesProof({
  print = console.log,
}: { readonly print?: (line: string) => void } = {}): Promise<boolean> {
  const races = await Races.begin();
  let isWell = true;
  const check = (line: string, holds: boolean): void => {
    isWell &&= holds;
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  try {
    const alone = await races.run(0);
    const by = new Set(alone.recorded.map((line) => line.split(' ')[0]));
    check(
      `each of ${POLICIES.length} policies has something to do: ${alone.recorded.length} events`,
      POLICIES.every((one) => by.has(one)),
    );
    const other: string[] = [];
    let call = 0;
    for (let isReached = true; isReached;) {
      call += 1;
      const race = await races.run(call);
      isReached = race.isReached;
      if (race.recorded.join('\n') !== alone.recorded.join('\n') || race.brokenLaws.length > 0)
        other.push(`before call ${call}: ${[...race.brokenLaws, ...race.recorded].join(', ')}`);
      if (call % TELL_EVERY === 0) print(`     ${call} races`);
    }
    check(
      `${call - 1} races, one before each read and each append: all recorded the same, and all laws hold`,
      other.length === 0,
    );
    for (const line of other) print(`     ${line}`);
  } finally {
    races.end();
  }
  return isWell;
}
