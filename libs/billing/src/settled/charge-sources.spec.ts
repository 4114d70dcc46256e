import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { contractWith, fee, minimumOf, minutes, onInvoice } from '../testing/charges.js';
import { feeItem } from '../testing/items.js';
import type { ChargeKind } from '../item/charge-item.js';
import { ChargeBook } from './charge-book.js';
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

describe('what is owed of a charge that is no longer due', () => {
  const gone = (kind: ChargeKind, contractIds: readonly string[]) => {
    const contracts = contractIds.map((contractId) =>
      contractWith(
        {},
        {
          contractId,
          daysEvents: [event(`ev-of-${contractId}`, '2026-03-22', null), event('ev-after', '2026-04-01', null)],
        },
      ),
    );
    const invoicedCharges = onInvoice([feeItem('term', '100.00', { kind, sourceEventIds: ['ev-own'] })]);
    return new ChargeBook(facts([], { contracts, invoicedCharges }))
      .close()
      .filter(({ disposition }) => disposition === 'billable')
      .map(({ net, sourceEventIds }) => [net.amount, ...sourceEventIds]);
  };

  it('names what took days of its own contract away, and of no other', () => {
    expect(gone('recurring', ['con-2', 'con-1'])).toEqual([['-100.00', 'ev-own', 'ev-of-con-1']]);
  });

  it('names none where it is for no days, or its contract is gone', () => {
    expect(gone('one-time', ['con-1'])).toEqual([['-100.00', 'ev-own']]);
    expect(gone('recurring', ['con-2'])).toEqual([['-100.00', 'ev-own']]);
  });
});

describe('what is frozen of the draws of a block', () => {
  it('is its own: 30 min and 15 min, and none of another block or contract', () => {
    const drawn = (contractId: string, blockId: string, count: number) =>
      ({ source: { from: 'block', contractId, blockId }, amount: minutes(count) }) as const;
    const laterDraws = [
      drawn('con-1', 'b-1', 30),
      drawn('con-1', 'b-2', 7),
      drawn('con-2', 'b-1', 11),
      drawn('con-1', 'b-1', 15),
    ].map((draw, index) => ({
      ...draw,
      workItemId: `w-${index}`,
      itemId: `w-${index}`,
      workDate: '2026-04-10',
      frozen: true,
    }));
    expect(new ChargeBook(facts([], { laterDraws })).frozenDraws('con-1', 'b-1').toNumber()).toBe(45);
  });
});
