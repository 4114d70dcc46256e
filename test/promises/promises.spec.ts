import { describe, expect, it } from '@jest/globals';
import { runPromisesProof } from './proof.js';
import type { PromiseFigures } from './figures.js';
import { provePromises } from './promises.js';

const TIMEOUT_MS = 600_000;
const SEED = 20_261_129;
const CONTRACTS = 30;

function told(figures: PromiseFigures): string {
  return JSON.stringify({ ...figures, changes: [...figures.changes] });
}

describe('what is promised of a contract and of its changes', () => {
  it(
    'is what happens, over random contracts; the proof prints its figures, finds the seeded bugs, and takes the same contracts for the same seed',
    async () => {
      const after: string[] = [];
      const lines: string[] = [];
      const held = await runPromisesProof({
        contracts: CONTRACTS,
        seed: SEED,
        bugged: 1,
        print: (line) => lines.push(line),
        onContract: (so) => after.push(told(so)),
      });
      expect(lines.filter((line) => !line.startsWith('ok') && !line.startsWith('     '))).toEqual([]);
      expect(held).toBe(true);
      expect(lines.join('\n')).toContain(`${CONTRACTS} contracts, ${3 * CONTRACTS} changes: 0 promises broken`);
      expect(told(await provePromises({ contracts: 1, seed: SEED }))).toEqual(after[0]);
      // The run did reach what it is about.
      const figures = JSON.parse(after.at(-1) ?? '') as PromiseFigures;
      expect(figures.priced).toBeGreaterThan(40);
      expect(figures.changed).toBeGreaterThan(20);
      expect(figures.planned).toBeGreaterThan(40);
      expect(figures.lines).toBeGreaterThan(80);
    },
    TIMEOUT_MS,
  );
});
