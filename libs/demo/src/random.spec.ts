import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantViolation } from '@billtrail/kernel';
import { Random } from './random.js';

const draws = (seed: number, count: number): readonly number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('Random', () => {
  it('gives the same sequence for a seed, on every machine', () => {
    expect(draws(1, 3).map((drawn) => drawn.toFixed(8))).toEqual(['0.62707394', '0.00273572', '0.52744704']);
    expect(draws(1, 100)).toEqual(draws(1, 100));
    expect(draws(2, 100)).not.toEqual(draws(1, 100));
  });

  it('stays in its range and reaches both ends', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        (seed, least, span) => {
          const random = new Random(seed);
          const seen = new Set(Array.from({ length: 200 }, () => random.whole(least, least + span)));
          expect([...seen].sort((a, b) => a - b)).toEqual(
            Array.from({ length: span + 1 }, (_, index) => least + index),
          );
        },
      ),
    );
  });

  it('picks in proportion to the weights', () => {
    const random = new Random(7);
    const picked = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ['rare', 1],
        ['often', 9],
      ] as const),
    );
    const rare = picked.filter((one) => one === 'rare').length;
    expect(rare).toBeGreaterThan(850);
    expect(rare).toBeLessThan(1_150);
  });

  it('refuses a seed that is no whole number, and an empty list', () => {
    expect(() => new Random(0.5)).toThrow(InvariantViolation);
    expect(() => new Random(1).pick([])).toThrow(InvariantViolation);
    expect(() => new Random(1).weighted([])).toThrow(InvariantViolation);
  });
});
