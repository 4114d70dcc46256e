import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLICIES, Races, type Race } from './races.js';

/** `npm run proof -- --only policies` comes in before each call. */
const EACH = 23;

describe('people and policies of another process, which do all that there is to do right before a call of the first', () => {
  let races: Races | null = null;
  let alone: Race;
  beforeAll(async () => {
    races = await Races.begin();
    alone = await races.run(0);
  });
  afterAll(() => races?.end());

  it('finds something to do for each policy', () => {
    const by = new Set(alone.recorded.map((line) => line.split(' ')[0]));
    expect(by).toEqual(new Set(POLICIES));
    expect(alone.brokenLaws).toEqual([]);
  });

  it('leaves what one of them alone would, wherever it comes in', async () => {
    let reached = 0;
    for (let call = 1; ; call += EACH) {
      const { isReached, ...race } = await races!.run(call);
      expect({ call, ...race }).toEqual({ call, recorded: alone.recorded, brokenLaws: [] });
      if (!isReached) break;
      reached += 1;
    }
    expect(reached).toBeGreaterThan(2);
  });
});
