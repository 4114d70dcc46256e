import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Verdicts, step, type Step } from './verdicts.js';

/** `npm run proof -- --only verdicts` tells more. */
const HISTORIES = 4;
const STEPS = { minLength: 8, maxLength: 12 };

const gives = (by: number, which: number, meanwhile: Step['meanwhile'] = null): Step => {
  return { by, does: 'courtesy', which, meanwhile, interrupted: false };
};
/** Two courtesies of 150.00 at once stand under a limit of 350.00, a third waits; then its work is corrected. */
const THREE: readonly Step[] = [
  gives(0, 0, { by: 1, does: 'courtesy', which: 1 }),
  gives(2, 2),
  { by: 1, does: 'correct', which: 2, meanwhile: null, interrupted: false },
];

describe('three processes that forgo money, bill and credit at once, each behind the others', () => {
  let verdicts: Verdicts | null = null;
  beforeAll(async () => void (verdicts = await Verdicts.begin()));
  afterAll(() => verdicts?.end());

  it('reach one verdict on each request, forgo no more than the limit by one word, and give nothing back twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, STEPS), async (steps) => {
        expect((await verdicts!.tell(steps)).findings).toEqual([]);
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    );
  });

  it('come to each of these ends in a history of three courtesies', async () => {
    const { findings, seen } = await verdicts!.tell(THREE);
    expect(findings).toEqual([]);
    expect([...seen]).toEqual(
      expect.arrayContaining(['courtesy taken', 'courtesy waits', 'courtesy carried-out', 'courtesy corrected']),
    );
  });

  it.each([
    ['carries-out-what-waits', "one person's word forgoes 450.00 AUD of ticket T2"],
    ['verdicts-as-they-arrive', 'process 1 says'],
    ['nothing-lapses', 'courtesy of W2 still waits, which was gone at'],
  ] as const)('would be found out: %s', async (bug, finding) => {
    expect((await verdicts!.tell(THREE, bug)).findings.join('\n')).toContain(finding);
  });
});
