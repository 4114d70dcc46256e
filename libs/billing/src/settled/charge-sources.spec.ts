import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { contractWith, fee, minimumOf, onInvoice } from '../testing/charges.js';
import { facts, time } from '../testing/facts.js';
import { rateExplained as rate } from '../rate.js';
import type { ContractFacts, DaysEvent } from '../rating/facts.js';

const MONTHLY: Partial<ContractTerms> = { recurringCharges: [fee({ price: '3100.00' })] };
const event = (eventId: string, from: string, to: string | null): DaysEvent => ({ eventId, from, to });

/** What is owed of the charges of March that were invoiced, beside an hour of work, after a suspension of its last ten days. */
function owedOf(terms: Partial<ContractTerms>, daysEvents: readonly DaysEvent[]) {
  const chargesOf = (contract: ContractFacts, changes = {}) =>
    rate(facts([time()], { contracts: [contract], ...changes })).charges;
  const invoicedCharges = onInvoice(chargesOf(contractWith(terms)));
  const suspensions = [{ from: '2026-03-22', resumedOn: null }];
  const contract = contractWith(terms, { suspensions, daysEvents });
  return chargesOf(contract, { invoicedCharges }).filter(({ disposition }) => disposition === 'billable');
}

describe('what is owed of an invoiced charge', () => {
  it('names what took days of it away (L6), up to its first and its last day', () => {
    const events = [
      event('ev-suspended', '2026-03-22', null),
      event('ev-first', '2026-02-01', '2026-03-01'),
      event('ev-last', '2026-03-31', '2026-04-30'),
      event('ev-before', '2026-01-01', '2026-02-28'),
      event('ev-after', '2026-04-01', null),
    ];
    const [owed] = owedOf(MONTHLY, events);
    expect(owed?.net.amount).toBe('-1000.00');
    expect(owed?.sourceEventIds).toEqual(expect.arrayContaining(['ev-suspended', 'ev-first', 'ev-last']));
    expect(owed?.sourceEventIds).not.toContain('ev-before');
    expect(owed?.sourceEventIds).not.toContain('ev-after');
  });

  it('names them of a minimum and of an amount off, too', () => {
    const events = [event('ev-suspended', '2026-03-22', null)];
    const [minimum] = owedOf({ minimumCommitment: minimumOf('3100.00') }, events);
    expect(minimum).toMatchObject({ kind: 'minimum', net: { amount: '-1000.00' } });
    expect(minimum?.sourceEventIds).toContain('ev-suspended');
    const off = { id: 'off', name: 'Rebate', kind: 'amount', amount: '3200.00', includesRecurring: true } as const;
    // Off 3,250.00 of fee and work; of 2,250.00 only as much.
    const owed = owedOf({ ...MONTHLY, discounts: [{ ...off, taxCategory: 'GST', order: 'before-minimum' }] }, events);
    const discount = owed.find(({ kind }) => kind === 'discount');
    expect(discount?.net.amount).toBe('950.00');
    expect(discount?.sourceEventIds).toContain('ev-suspended');
  });
});
