import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { frozenChargeOf, isOfOtherWork, lineOf } from '@billtrail/billing';
import { isOfTerms } from '@billtrail/billing/testing';
import { ReadModels } from '../read-models.js';
import { CLIENTS, anyStep, workStep } from '../spec-kit/random-steps.js';
import { beginning, carryOut } from '../spec-kit/random-story.js';
import { Story, drafted, event, issueRequested } from '../spec-kit/story.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const PERIODS = ['2026-02', '2026-03', '2026-04', '2026-05'];
const STEPS = { minLength: 5, maxLength: 30 };

/** Without a block that is withdrawn and bought anew: nothing is told of such a client. */
const step = anyStep.filter((one) => one.do !== 'withdraw');

/** What the client's other months are rated at, save work of some tickets. */
async function ratedBut(models: ReadModels, clientId: string, but: string, tickets: ReadonlySet<string>) {
  await models.catchUp();
  const all = [];
  for (const period of PERIODS.filter((one) => one !== but)) {
    const { items, charges } = await models.billableItems.explainedOfPeriod(clientId, period);
    all.push(items.filter(({ ticketId }) => !tickets.has(ticketId)).map(plain), charges.filter(isOfTerms).map(plain));
  }
  return all;
}

function plain(rated: object): unknown {
  return JSON.parse(JSON.stringify(rated, (key, value: unknown) => (key === 'trace' ? undefined : value)));
}

/** So that two months of a client can be issued at once (ADR 20). */
describe('issuing what a month is rated at', () => {
  it('moves nothing of other tickets in another month, nor what its terms charge there', async () => {
    let issued = 0;
    let compared = 0;
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
            const now = await models.billableItems.explainedOfPeriod(clientId, period);
            const lines = now.items
              .filter(({ disposition }) => disposition === 'billable')
              .filter((_, n) => part % 3 !== 0 || n % 2 === 0)
              .flatMap((item) => lineOf(item) ?? []);
            const charges = now.charges.filter(({ disposition }) => disposition === 'billable').map(frozenChargeOf);
            if (lines.length + charges.length === 0) continue;
            // As the verdict on a document has it.
            if (!isOfOtherWork(lines, new Set())) continue;
            const tickets = new Set(lines.map(({ ticketId }) => ticketId));
            const before = await ratedBut(models, clientId, period, tickets);
            const invoiceId = `${clientId}.all`;
            await story.account(
              clientId,
              period,
              drafted(invoiceId, clientId, period),
              event('InvoiceLinesAdded', { invoiceId, lines, charges }),
            );
            await story.account(clientId, period, issueRequested(invoiceId, { issueDate: '2026-05-01' }));
            expect(await ratedBut(models, clientId, period, tickets)).toEqual(before);
            compared += before.flat().length;
            issued += 1;
          }
          await models.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(issued).toBeGreaterThan(20);
    expect(compared).toBeGreaterThan(100);
  });
});
