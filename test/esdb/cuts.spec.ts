import { beforeAll, describe, expect, it } from '@jest/globals';
import { Cuts, type CutsFound } from './cuts.js';

const FAULTS = 12;
const FAULTS_TO_SHOW_A_BUG = 4;
const BUGS = [
  ['goes on behind what it was told', /events are missing/],
  ['forgets its checkpoint', /events are doubled/],
] as const;

/** `npm run proof -- --only cuts` makes a thousand of them. */
describe('a network and a server that fail all the time', () => {
  let sound: CutsFound;
  let seeded: readonly CutsFound[];

  // Most of it is waiting for connections that have died, so all wait at once.
  beforeAll(async () => {
    [sound, ...seeded] = await Promise.all([
      Cuts.run({ faults: FAULTS, seed: 1 }),
      ...BUGS.map(([bug]) => Cuts.run({ faults: FAULTS_TO_SHOW_A_BUG, seed: 1, bug })),
    ]);
  });

  it('lose no event, double none and change no order: at no projection, and of no append', () => {
    expect(sound.findings).toEqual([]);
    expect(sound.acknowledged).toBeGreaterThan(FAULTS);
    expect(sound.unknown + sound.refused + sound.repeated).toBeGreaterThan(0);
    expect([...sound.faults.values()]).toEqual(Array<number>(6).fill(FAULTS / 6));
  });

  it.each(BUGS.map(([bug, shows], index) => [bug, shows, index] as const))(
    'a projection that %s is found',
    (_bug, shows, index) => {
      expect(seeded[index]?.findings.join()).toMatch(shows);
    },
  );
});
