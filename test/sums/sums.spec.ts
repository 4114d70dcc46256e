import { describe, expect, it } from '@jest/globals';
import { roundedMinor, wholeMinor } from './ledger.js';
import { runSumsProof } from './proof.js';
import { centsOff, proveSums } from './sums.js';

describe('sums over random items of the published cards', () => {
  it('items, lines, documents, ledger and the rating of afterwards agree to the cent in every currency', () => {
    const figures = proveSums({ items: 12_000, seed: 20_261_122 });
    expect(figures).toMatchObject({ imbalances: 0, leftovers: 0 });
    expect(centsOff(figures)).toBe(0n);
    // The run did reach what it is about.
    expect(figures.lines).toBeGreaterThan(6_000);
    expect(figures.notOnDocuments).toBeGreaterThan(0);
    expect(figures.currencies.length).toBeGreaterThan(2);
  });

  it('the same seed gives the same sums, and a cent too much on one line is found', () => {
    const options = { items: 3_000, seed: 7 };
    expect(proveSums(options)).toEqual(proveSums(options));
    expect(centsOff(proveSums({ ...options, addsACent: true }))).toBe(1n);
  });

  it('the proof prints its figures and answers whether they hold', () => {
    const lines: string[] = [];
    expect(runSumsProof({ items: 1_500, seed: 3, print: (line) => lines.push(line) })).toBe(true);
    expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(lines.join('\n')).toContain('0 cents off');
  });

  it.each([
    ['1.005', 'AUD', 101n],
    ['1.0049999', 'AUD', 100n],
    ['-1.005', 'AUD', -101n],
    ['0.5', 'JPY', 1n],
    ['2.0005', 'KWD', 2_001n],
    ['7', 'AUD', 700n],
  ])('rounds %s %s by integers alone', (amount, currency, minor) => {
    expect(roundedMinor(amount, currency)).toBe(minor);
  });

  it('takes no amount that is not whole', () => {
    expect(wholeMinor({ amount: '1.00', currency: 'JPY' })).toBe(1n);
    expect(() => wholeMinor({ amount: '1.005', currency: 'AUD' })).toThrow('no whole amount');
  });
});
