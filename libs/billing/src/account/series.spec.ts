import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberOfBoth, printedNumber } from './series.js';

const series = (name: string, prefix: string, digits: number) => ({ series: name, prefix, digits });

describe('a number that two series would both print', () => {
  it.each([
    ['INV-', 6, 'INV-0', 5, 'INV-000001'],
    ['INV-', 6, 'INV-', 6, 'INV-000001'],
    ['INV-', 6, 'INV-', 4, 'INV-100000'],
    ['INV-', 4, 'INV-', 6, 'INV-100000'],
    ['INV-', 6, 'INV-27', 4, 'INV-270001'],
    ['INV-', 6, 'INV-27', 2, 'INV-271000'],
    ['INV-', 6, 'INV-2027', 6, 'INV-2027000001'],
    ['', 6, '00', 2, '001000'],
    ['INV-0', 5, 'INV-', 6, 'INV-000001'],
  ])('%s with %i digits and %s with %i: %s', (one, digits, other, otherDigits, number) => {
    expect(numberOfBoth(series('A', one, digits), series('B', other, otherDigits))).toBe(number);
  });

  it.each([
    ['INV-', 6, 'INV-00', 5],
    ['INV-', 4, 'INV-0', 4],
    ['INV-', 6, 'INV-2027-', 6],
    ['INV-', 6, 'CN-', 6],
    ['INV27-', 6, 'INV28-', 6],
    ['INV-', 6, 'INV-A', 5],
  ])('there is none of %s with %i digits and %s with %i', (one, digits, other, otherDigits) => {
    expect(numberOfBoth(series('A', one, digits), series('B', other, otherDigits))).toBeNull();
  });

  it('one series under one prefix counts on, whatever its digits', () => {
    expect(numberOfBoth(series('A', 'INV-', 6), series('A', 'INV-', 7))).toBeNull();
    expect(numberOfBoth(series('A', 'INV-', 6), series('A', 'INV-0', 5))).toBe('INV-000001');
  });

  it('agrees with the printed numbers themselves', () => {
    const anySeries = fc.tuple(fc.stringMatching(/^N?[01]{0,2}$/), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(anySeries, anySeries, ([prefix, digits], [otherPrefix, otherDigits]) => {
        const [one, other] = [series('A', prefix, digits), series('B', otherPrefix, otherDigits)];
        const printed = (of: typeof one): string[] =>
          Array.from({ length: 12_000 }, (_, index) => printedNumber(of, index + 1));
        const others = new Set(printed(other));
        const both = printed(one).filter((number) => others.has(number));
        const told = numberOfBoth(one, other);
        expect(told !== null).toBe(both.length > 0);
        if (told !== null) expect(both).toContain(told);
      }),
      { numRuns: 60 },
    );
  });
});
