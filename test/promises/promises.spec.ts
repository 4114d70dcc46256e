import { describe, expect, it } from '@jest/globals';
import { runPromisesProof } from './proof.js';
import type { PromiseFigures } from './figures.js';
import { provePromises } from './promises.js';

const TIMEOUT_MS = 600_000;

function told(figures: PromiseFigures): string {
  return JSON.stringify({ ...figures, changes: [...figures.changes] });
}

describe('what is promised of a contract and of its changes', () => {
  it(
    'is what happens, over random contracts: the same seed, the same ones',
    async () => {
      const first: string[] = [];
      const onContract = (so: PromiseFigures): void => void first.push(told(so));
      const figures = await provePromises({ contracts: 30, seed: 20_261_129, onContract });
      expect(told(await provePromises({ contracts: 1, seed: 20_261_129 }))).toEqual(first[0]);
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
      expect(await runPromisesProof({ contracts: 1, seed: 2, bugged: 1, print })).toBe(true);
      expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
      expect(lines.join('\n')).toContain('1 contracts, 3 changes: 0 promises broken');
    },
    TIMEOUT_MS,
  );
});
