import { describe, expect, it } from '@jest/globals';
import type { RecurringCharge } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ChargeItem } from '../item/charge-item.js';
import type { ContractFacts } from '../rating/facts.js';
import { aud, contractWith, fee, minimumOf, monthOf, onInvoice, versionsFrom } from '../testing/charges.js';
import { charged } from '../testing/steps.js';
import { only } from '../testing/facts.js';

type Changes = Partial<ClientPeriodFacts>;

const march = (contract: ContractFacts, changes: Changes = {}): readonly ChargeItem[] =>
  charged(monthOf('2026-03', [contract], changes), []).charges;
const open = (charges: readonly ChargeItem[]): readonly ChargeItem[] =>
  charges.filter(({ disposition }) => disposition === 'billable');
const shown = (charges: readonly ChargeItem[]): readonly string[] =>
  open(charges).map(({ chargeItemId, net, taxCategory }) => `${chargeItemId} ${net.amount} ${taxCategory}`);

/** The fee of 1,000.00 in GST, and another version of it from a day on. */
const then = contractWith({ recurringCharges: [fee()] });
const since = (from: string, changes: Partial<RecurringCharge>): ContractFacts =>
  contractWith(
    {},
    versionsFrom(['2026-01-01', { recurringCharges: [fee()] }], [from, { recurringCharges: [fee(changes)] }]),
  );
const invoiced = () => onInvoice(march(then));

describe('a charge that two documents have under one id', () => {
  it('is told by its name: nobody could say whose it is', () =>
    expect(() => march(then, { invoicedCharges: [...invoiced(), ...onInvoice(march(then), 'inv-2')] })).toThrow(
      'charge con-1@fee@fee@2026-03-01 is settled twice, the second time on inv-2',
    ));
});

describe('a charge in another tax category after its invoice', () => {
  it('goes back in the old category and is asked in the new one, at the same net', () => {
    const charges = march(since('2026-01-01', { taxCategory: 'FREE' }), { invoicedCharges: invoiced() });
    expect(shown(charges)).toEqual([
      'con-1@fee@fee@2026-03-01@a1 -1000.00 GST',
      'con-1@fee@fee@2026-03-01@a2 1000.00 FREE',
    ]);
    const [back, asked] = open(charges);
    expect(back?.basis.before).toEqual({
      net: '1000.00',
      now: '0.00',
      documentIds: ['inv-1'],
      why: 'the tax category changed',
    });
    expect(asked?.basis.before).toMatchObject({ net: '0.00', now: '1000.00' });
    expect(asked?.trace.at(-1)?.text).toBe(
      'the tax category changed after con-1@fee@fee@2026-03-01 was invoiced at 0.00 AUD in tax category FREE: now 1000.00 AUD, difference 1000.00 AUD',
    );
  });

  it('for a part of its days only: 15 of 31 days of 1,000.00 are 483.87', () => {
    expect(shown(march(since('2026-03-17', { taxCategory: 'FREE' }), { invoicedCharges: invoiced() }))).toEqual([
      'con-1@fee@fee@2026-03-01@a1 -483.87 GST',
      'con-1@fee@fee@2026-03-01@a2 483.87 FREE',
    ]);
  });

  it('with its price: 1,000.00 go back, 1,100.00 are asked', () => {
    expect(
      shown(march(since('2026-01-01', { taxCategory: 'FREE', price: '1100.00' }), { invoicedCharges: invoiced() })),
    ).toEqual(['con-1@fee@fee@2026-03-01@a1 -1000.00 GST', 'con-1@fee@fee@2026-03-01@a2 1100.00 FREE']);
  });

  it('of which 200.00 were given back for good: the other 800.00 move', () => {
    const credited = invoiced().map((one) => ({ ...one, credited: aud('200.00'), creditNoteId: 'cn-1' }));
    expect(shown(march(since('2026-01-01', { taxCategory: 'FREE' }), { invoicedCharges: credited }))).toEqual([
      'con-1@fee@fee@2026-03-01@a1 -800.00 GST',
      'con-1@fee@fee@2026-03-01@a2 800.00 FREE',
    ]);
    // 200.00 of 1,000.00 stay forgone, whatever of it is asked in which category: 800.00 x 483.87 / 1,000.00 = 387.10.
    expect(shown(march(since('2026-03-17', { taxCategory: 'FREE' }), { invoicedCharges: credited }))).toEqual([
      'con-1@fee@fee@2026-03-01@a1 -387.10 GST',
      'con-1@fee@fee@2026-03-01@a2 387.10 FREE',
    ]);
  });

  it('once: what is on documents is settled, together or one by one', () => {
    const moved = since('2026-01-01', { taxCategory: 'FREE' });
    const adjustments = open(march(moved, { invoicedCharges: invoiced() }));
    const all = [...invoiced(), ...onInvoice(adjustments, 'inv-2')];
    expect(shown(march(moved, { invoicedCharges: all }))).toEqual([]);
    const one = [...invoiced(), ...onInvoice(adjustments.slice(0, 1), 'inv-2')];
    expect(shown(march(moved, { invoicedCharges: one }))).toEqual(['con-1@fee@fee@2026-03-01@a2 1000.00 FREE']);
    // And back again.
    expect(shown(march(then, { invoicedCharges: all }))).toEqual([
      'con-1@fee@fee@2026-03-01@a3 1000.00 GST',
      'con-1@fee@fee@2026-03-01@a4 -1000.00 FREE',
    ]);
    // A later price is a difference of the category in which it is asked, and no move.
    const dearer = march(since('2026-01-01', { taxCategory: 'FREE', price: '1050.00' }), { invoicedCharges: all });
    expect(shown(dearer)).toEqual(['con-1@fee@fee@2026-03-01@a3 50.00 FREE']);
    expect(only(open(dearer)).basis.before?.why).toBe('1050.00 instead of 1000.00 from 2026-03-01 on');
  });

  it('no longer due: each category goes back as it was asked', () => {
    const moved = since('2026-03-17', { taxCategory: 'FREE' });
    const all = [...invoiced(), ...onInvoice(open(march(moved, { invoicedCharges: invoiced() })), 'inv-2')];
    expect(shown(march(contractWith({}), { invoicedCharges: all }))).toEqual([
      'con-1@fee@fee@2026-03-01@a3 -516.13 GST',
      'con-1@fee@fee@2026-03-01@a4 -483.87 FREE',
    ]);
  });

  it('a minimum likewise', () => {
    const minimum = (taxCategory: string) => contractWith({ minimumCommitment: minimumOf('400.00', { taxCategory }) });
    const asked = onInvoice(march(minimum('GST')));
    expect(shown(march(minimum('FREE'), { invoicedCharges: asked }))).toEqual([
      'con-1@minimum@min@2026-03-01@a1 -400.00 GST',
      'con-1@minimum@min@2026-03-01@a2 400.00 FREE',
    ]);
  });

  it('an amount off is shared over the categories in which the month asks its fee', () => {
    const off = {
      discounts: [
        {
          id: 'd',
          name: 'Off',
          kind: 'amount',
          amount: '31.00',
          order: 'before-minimum',
          match: {},
          includesRecurring: true,
        },
      ] as const,
    };
    const free = fee({ taxCategory: 'FREE' });
    const contract = contractWith(
      {},
      versionsFrom(
        ['2026-01-01', { recurringCharges: [fee()], ...off }],
        ['2026-03-17', { recurringCharges: [free], ...off }],
      ),
    );
    // Over 516.13 and 483.87: 31.00 x 0.51613 = 16.00, and 15.00.
    expect(shown(march(contract)).filter((one) => one.includes('discount'))).toEqual([
      'con-1@discount@d@2026-03-01@tax-FREE -15.00 FREE',
      'con-1@discount@d@2026-03-01@tax-GST -16.00 GST',
    ]);
  });
});
