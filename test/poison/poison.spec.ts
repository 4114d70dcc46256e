import { describe, expect, it } from '@jest/globals';
import { KINDS } from './random-poison.js';
import { runPoisonProof } from './proof.js';

describe('facts that no door lets in (X1, X2, X3)', () => {
  it('park exactly the client-periods that they concern, and heal; the seeded bugs are found', async () => {
    const lines: string[] = [];
    const facts = KINDS.length + 1;
    const holds = await runPoisonProof({ facts, seed: 20_261_201, print: (line) => lines.push(line) });
    expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(holds).toBe(true);
    expect(lines.join('\n')).toContain(`ok   ${facts} poisoned facts`);
  });
});
