import { beforeAll, describe, expect, it } from '@jest/globals';
import { DEFECTS, isFound } from './defects.js';
import { ROLES_TRIED, tell, type Counts } from './insider.js';
import { World } from './world.js';

/** Of each role, half of them with a second key of another role. `npm run proof -- --only insiders` tells more. */
const SEQUENCES = 50;
const STEPS = 4;
/** Sequences that go on from one another. */
const IN_A_COPY = 5;

/** Y1, Y2 and Y11 at random: `in-sight.ts` says what must hold, `bodies.ts` what is tried. */
describe('what the keys of one person may do, at random, on a month of two clients', () => {
  let world: World | null = null;
  const counts: Counts = new Map();
  beforeAll(async () => void (world = await World.begin()));

  it.each(ROLES_TRIED)(
    'keeps all that was approved or resolved in sight, and money to the limits: %s',
    async (role) => {
      for (let first = 0; first < SEQUENCES; first += IN_A_COPY) {
        const sequences = Array.from({ length: IN_A_COPY }, (_, index) => {
          const seed = first + index;
          return { role, isColluding: seed % 2 === 1, seed, steps: STEPS };
        });
        expect(await tell(world!, sequences, counts)).toEqual([]);
      }
    },
  );

  it('comes to acts that stand, and to acts that wait', () => {
    const acts = ['accept-gap', 'back-date', 'correct-work', 'reject-work', 'void-work', 'write-off'];
    // So few sequences come to none of these; the proof does.
    const rare = new Set(['act back-date stands', 'act accept-gap waits', 'act write-off waits']);
    const outcomes = acts.flatMap((act) => [`act ${act} waits`, `act ${act} stands`]).filter((one) => !rare.has(one));
    const wanted = [...outcomes, 'command SplitTicket', 'person registered', 'person re-keyed', 'refused OwnRequest'];
    expect(wanted.filter((what) => !counts.has(what))).toEqual([]);
  });

  it.each(Object.keys(DEFECTS))('would be found out: a house that %s', async (name) => {
    expect(await isFound(world!, name)).toBe(true);
  });
});
