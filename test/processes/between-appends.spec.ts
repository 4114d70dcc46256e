import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Beside, BetweenAppends, DAYS_LATER, FIRST, leave } from './between-appends.js';

/** `npm run proof -- --only between` kills a process there, 500 times. */
describe('an act that is left between two of its appends', () => {
  let between: BetweenAppends;
  beforeAll(async () => void (between = await BetweenAppends.begin()));
  afterAll(() => between.end());

  it('comes to its end once, whoever is first and however much later', async () => {
    const places = await between.places();
    expect(new Set(places.map(({ act }) => act)).size).toBe(8);
    for (const [index, left] of places.entries()) {
      const folder = between.copy();
      const then = { first: FIRST[(index + 1) % FIRST.length]!, days: DAYS_LATER[(index >> 1) % DAYS_LATER.length]! };
      const beside = await Beside.open(folder, between.now, then);
      const { house, isReached } = await leave(folder, between.now, left);
      await isReached;
      await house.close();
      expect({ ...left, ...then, wrong: await beside.wrongAfter(left) }).toMatchObject({ wrong: [] });
      await beside.close();
    }
  });
});
