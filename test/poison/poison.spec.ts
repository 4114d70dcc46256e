import { beforeAll, describe, expect, it } from '@jest/globals';
import { WholeStory } from './any-field.js';
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

describe('a field of any event that stands in a log in an odd way', () => {
  let story: WholeStory;
  beforeAll(async () => {
    story = await WholeStory.read();
  });

  it.each<[string, readonly string[], unknown]>([
    ['invoice-lines-added', ['lines', '0', 'itemId'], '1e400'],
    ['invoice-issue-requested', ['taxTotals'], 'Mars/Base'],
    ['credit-note-issue-requested', ['taxTotals'], 'Mars/Base'],
    ['client-registered', ['timeZone'], undefined],
    ['contract-version-published', ['terms', 'rateCard'], undefined],
  ])('%s, %s: no read model stops, no other client is told otherwise, and a rebuild says the same', async (...of) => {
    expect(await story.poisoned(story.odd(...of))).toEqual([]);
  });
});
