import { describe, expect, it } from '@jest/globals';
import { Cuts } from './cuts.js';

const FAULTS = 12;
const FAULTS_TO_SHOW_A_BUG = 4;

/** `npm run proof -- --only cuts` makes a thousand of them. */
describe('a network and a server that fail all the time', () => {
  it('lose no event, double none and change no order: at no projection, and of no append', async () => {
    const found = await Cuts.run({ faults: FAULTS, seed: 1 });
    expect(found.findings).toEqual([]);
    expect(found.acknowledged).toBeGreaterThan(FAULTS);
    expect(found.unknown + found.refused + found.repeated).toBeGreaterThan(0);
    expect([...found.faults.values()]).toEqual(Array<number>(6).fill(FAULTS / 6));
  });

  it.each([
    ['goes on behind what it was told', /events are missing/],
    ['forgets its checkpoint', /events are doubled/],
  ] as const)('a projection that %s is found', async (bug, shows) => {
    const { findings } = await Cuts.run({ faults: FAULTS_TO_SHOW_A_BUG, seed: 1, bug });
    expect(findings.join()).toMatch(shows);
  });
});
