import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, time } from '../testing/facts.js';

const hour = time();
/** The hour as it was corrected after its invoice. */
const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
/** Remote work by the hour, an incident at one price a ticket. */
const at = (pricePerHour: string, price = '220.00'): ContractTerms =>
  terms({
    labour: [{ workType: 'remote', engineerRole: null, pricePerHour }],
    workTypes: [{ workType: 'incident', mode: 'flat', price, per: 'ticket' }],
  });
const before = contractFacts({ terms: at('150.00') });
/** The contract with one more version, for days from the beginning of the year. */
const published = (...prices: Parameters<typeof at>) => {
  const next = { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: at(...prices) };
  return { contracts: [{ ...before, versions: [...before.versions, next] }] };
};
const open = (work: WorkItem, account: Partial<ClientPeriodFacts>) =>
  rate(facts([work], { contracts: [before], ...account })).items.filter(
    ({ disposition }) => disposition === 'billable',
  );
const mismatches = (work: WorkItem, account: Partial<ClientPeriodFacts>) =>
  rate(facts([work], account)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const values = (...given: Parameters<typeof mismatches>) =>
  mismatches(...given).map(({ valueAtRisk }) => valueAtRisk.money?.amount);

const invoiced = asInvoiced(open(hour, {}));

describe('work that was corrected, as one line', () => {
  // 150.00 were asked for the hour; the 75.00 of half an hour more were given up.
  const forgone = { invoiced, writtenOff: asWrittenOff(open(longer, { invoiced })) };

  it('is worth less: that comes off what nobody was asked for first', () => {
    // 90 min at 120.00 are 180.00, still more than was asked; at 100.00 they are as much: another rate, and nothing that was asked too much.
    expect(values(longer, { ...forgone, ...published('120.00') })).toEqual(['0.00']);
    expect(values(longer, { ...forgone, ...published('100.00') })).toEqual(['0.00']);
    // At 80.00 they are 120.00: of the 150.00 that were asked 30.00 are too much.
    const gaps = mismatches(longer, { ...forgone, ...published('80.00') });
    expect(gaps.map(({ valueAtRisk }) => valueAtRisk.money?.amount)).toEqual(['-30.00']);
    expect(gaps[0]?.cause).toBe(
      'invoice inv-1, what was written off together come to 225.00 AUD for w-1 at 150.00 (con-1 version 1); ' +
        'con-1 version 2, in force now, gives 120.00 AUD at 80.00: overcharged by 30.00 AUD',
    );
  });

  it('is worth less: what a credit note gave back was asked before, and is compared with the rest', () => {
    const credited = { credited: { amount: '10.00', currency: 'AUD' }, creditNoteId: 'cn-1' };
    const lines = invoiced.map((one) => ({ ...one, ...credited }));
    const both = [...lines, ...asInvoiced(open(longer, { invoiced }), 'inv-2')];
    // 90 min at 100.00 are 150.00 of 225.00.
    expect(values(longer, { invoiced: both, ...published('100.00') })).toEqual(['-75.00']);
  });

  it('has no rate of its own where an adjustment says a difference in one piece: the money alone is compared', () => {
    const incident = time({ workType: 'incident', sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const more = open(incident, { invoiced });
    expect(more.map(({ unit, net }) => [unit, net?.amount])).toEqual([['adjustment', '70.00']]);
    const account = { invoiced, writtenOff: asWrittenOff(more) };
    // At 200.00 it is 20.00 less of the 70.00 that were given up, at 140.00 10.00 less than was asked.
    expect(values(incident, { ...account, ...published('150.00', '200.00') })).toEqual([]);
    expect(values(incident, { ...account, ...published('150.00', '140.00') })).toEqual(['-10.00']);
  });
});
