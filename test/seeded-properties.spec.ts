import { expect, it } from '@jest/globals';
import fc from 'fast-check';

it('properties of specs have the seed of the house, whoever writes them', () => {
  const seen: number[][] = [[], []];
  for (const numbers of seen)
    fc.assert(
      fc.property(fc.integer(), (number) => {
        numbers.push(number);
      }),
    );
  expect(seen[0]).toHaveLength(100);
  expect(seen[1]).toEqual(seen[0]);
  expect(fc.sample(fc.integer(), 100)).toEqual(fc.sample(fc.integer(), 100));
});
