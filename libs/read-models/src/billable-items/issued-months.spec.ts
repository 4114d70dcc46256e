import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { frozenChargeOf, lineOf } from '@billtrail/billing';
import { ReadModels } from '../read-models.js';
import { CLIENTS, anyStep, workStep } from '../spec-kit/random-steps.js';
import { beginning, carryOut } from '../spec-kit/random-story.js';
import { Story, drafted, event, issueRequested } from '../spec-kit/story.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const PERIODS = ['2026-02', '2026-03', '2026-04', '2026-05'];
const STEPS = { minLength: 5, maxLength: 30 };

/** Without a block that is withdrawn and bought anew: nothing is told of such a client. */
const step = anyStep.filter((one) => one.do !== 'withdraw');

/** All that the client's other months are rated at. */
async function ratedBut(models: ReadModels, clientId: string, but: string): Promise<string> {
  await models.catchUp();
  const all = [];
  for (const period of PERIODS.filter((one) => one !== but)) {
    const { items, charges } = await models.billableItems.explainedOfPeriod(clientId, period);
    all.push(items, charges);
  }
  return JSON.stringify(all, (key, value: unknown) => (key === 'trace' ? undefined : value), 1);
}

/** So that two months of a client can be issued at once (ADR 20). */
describe('issuing what a month is rated at', () => {
  it('moves nothing of another month: neither work, blocks, caps and roll-over, nor charges', async () => {
    let issued = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(step, STEPS), fc.array(workStep, STEPS)),
        fc.constantFrom('2026-03', '2026-04', '2026-02', '2026-05'),
        fc.nat(20),
        async (steps, period, part) => {
          const story = new Story(':memory:', MAY);
          await beginning(story);
          const models = await ReadModels.open({ file: ':memory:', store: story.store });
          for (const one of steps) await carryOut(story, models, one);
          for (const clientId of CLIENTS) {
            const before = await ratedBut(models, clientId, period);
            const now = await models.billableItems.explainedOfPeriod(clientId, period);
            const lines = now.items
              .filter(({ disposition }) => disposition === 'billable')
              .filter((_, n) => part % 3 !== 0 || n % 2 === 0)
              .flatMap((item) => lineOf(item) ?? []);
            const charges = now.charges.filter(({ disposition }) => disposition === 'billable').map(frozenChargeOf);
            if (lines.length + charges.length === 0) continue;
            const invoiceId = `${clientId}.all`;
            await story.account(
              clientId,
              period,
              drafted(invoiceId, clientId, period),
              event('InvoiceLinesAdded', { invoiceId, lines, charges }),
            );
            await story.account(clientId, period, issueRequested(invoiceId, { issueDate: '2026-05-01' }));
            expect(await ratedBut(models, clientId, period)).toEqual(before);
            issued += 1;
          }
          await models.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(issued).toBeGreaterThan(20);
  });
});
