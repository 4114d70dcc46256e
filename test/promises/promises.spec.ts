import { describe, expect, it } from '@jest/globals';
import { runPromisesProof } from './proof.js';
import { provePromises } from './promises.js';

const TIMEOUT_MS = 600_000;

describe('what is promised of a contract and of its changes', () => {
  it(
    'is what happens, over random contracts',
    async () => {
      const figures = await provePromises({ contracts: 20, seed: 20_261_129 });
      expect(figures.broken).toEqual([]);
      // The run did reach what it is about.
      expect(figures.priced).toBeGreaterThan(40);
      expect(figures.changed).toBeGreaterThan(20);
      expect(figures.backDated).toBeGreaterThan(0);
      expect(figures.planned).toBeGreaterThan(40);
      expect(figures.lines).toBeGreaterThan(80);
    },
    TIMEOUT_MS,
  );

  it(
    'the proof prints its figures, and finds the seeded bugs',
    async () => {
      const lines: string[] = [];
      const print = (line: string): number => lines.push(line);
      expect(await runPromisesProof({ contracts: 2, seed: 7, bugged: 2, print })).toBe(true);
      expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
      expect(lines.join('\n')).toContain('2 contracts, 6 changes: 0 promises broken');
    },
    TIMEOUT_MS,
  );

  it('the same seed gives the same contracts and changes', async () => {
    const options = { contracts: 1, seed: 3 };
    expect(await provePromises(options)).toEqual(await provePromises(options));
  });
});
