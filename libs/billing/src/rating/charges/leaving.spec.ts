import { describe, expect, it } from '@jest/globals';
import { monthsBetween } from '@billtrail/kernel';
import fc from 'fast-check';
import type { ClientPeriodFacts } from '../../client-period.js';
import { frozenChargeOf } from '../../account/charges.js';
import type { ChargeItem } from '../../item/charge-item.js';
import { holderOfOwnNote } from '../../item/item-key.js';
import { contractWith, fee, monthOf, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { UnitsAsked } from '../facts.js';
import { hasJoiners } from './leaving.js';

const SEATS = {
  recurringCharges: [
    fee({ basis: 'per-user', countOf: 'user', price: '365.00', everyMonths: 12, cycleAnchor: 'calendar' }),
  ],
};
type Counts = Readonly<Record<string, number>>;
const contractOf = (counts: Counts) =>
  contractWith(
    {},
    {
      ...versionsFrom(['2026-01-01', SEATS]),
      counts: Object.entries(counts).map(([from, count]) => ({ countOf: 'user', count, from, eventId: `ev-${from}` })),
    },
  );
const chargesIn = (period: string, counts: Counts, of: Partial<ClientPeriodFacts>): readonly ChargeItem[] =>
  charged(monthOf(period, [contractOf(counts)], of), []).charges;
const shown = (period: string, counts: Counts, of: Partial<ClientPeriodFacts>): readonly string[] =>
  chargesIn(period, counts, of)
    .filter(({ disposition }) => disposition === 'billable')
    .map(({ chargeItemId, quantity, net, basis }) =>
      [chargeItemId.slice('con-1@fee@fee@'.length), quantity, net.amount, basis.billTo ?? 'as named'].join(' '),
    );

/** What accounts have asked so far: to the payer of its part, else to who is named then. */
class Asked {
  constructor(private readonly asked: readonly UnitsAsked[] = []) {}

  /** For a month's account. */
  beside(period: string): Partial<ClientPeriodFacts> {
    const invoicedCharges = this.asked
      .filter((one) => one.period === period)
      .map(({ charge, recipientId: billTo }, index) => ({
        charge: { ...frozenChargeOf(charge as ChargeItem), billTo, servedClientId: 'cli-1' },
        invoiceId: `inv-${period}-${index}`,
      }));
    return { invoicedCharges, unitsElsewhere: this.asked.filter((one) => one.period !== period) };
  }

  invoiced(period: string, counts: Counts, named: string): Asked {
    const charges = chargesIn(period, counts, { ...this.beside(period), billTo: named });
    return this.having(
      charges
        .filter(({ disposition }) => disposition === 'billable')
        .map((charge) => ({ period, charge, recipientId: charge.basis.billTo ?? this.recipientOf(charge) ?? named })),
    );
  }

  /** As `recipientOf` has it: of what adjusts a charge, and of units that leave, who received the last of what was asked for it. */
  private recipientOf({ chargeId, chargeItemId, quantity }: ChargeItem): string | undefined {
    if (chargeId === chargeItemId && !quantity.startsWith('-')) return undefined;
    return this.asked.findLast(({ charge }) => chargeId === chargeItemId || charge.chargeId === chargeId)?.recipientId;
  }

  having(more: readonly UnitsAsked[]): Asked {
    return new Asked([...this.asked, ...more]);
  }

  get money(): number {
    return this.asked.reduce((sum, { charge }) => sum + Number(charge.net.amount), 0);
  }

  /** By who received it. */
  get units(): ReadonlyMap<string, number> {
    const units = new Map<string, number>();
    for (const { charge, recipientId } of this.asked)
      units.set(recipientId, (units.get(recipientId) ?? 0) + Number(charge.quantity));
    return units;
  }
}

describe('units that leave a cycle, paid by several clients', () => {
  const joined = { '2026-01-01': 4, '2026-07-20': 6 };
  const left = { ...joined, '2026-10-20': 1 };
  const paid = new Asked().invoiced('2026-01', joined, 'old').invoiced('2026-07', joined, 'new');

  it('go back to each as they were paid: 73 of 365 days of two to the new one, of three to the old one', () => {
    expect(shown('2026-10', left, paid.beside('2026-10'))).toEqual([
      '2026-10-20@paid-by-new -2 -146.00 new',
      '2026-10-20@paid-by-old -3 -219.00 old',
    ]);
  });

  it('go back whole to whom joined last, and then to the other one, who is not who received the last document', () => {
    const first = { ...joined, '2026-08-20': 4 };
    const second = { ...first, '2026-10-20': 3 };
    expect(shown('2026-08', first, paid.beside('2026-08'))).toEqual(['2026-08-20@paid-by-new -2 -268.00 new']);
    const gone = paid.invoiced('2026-08', first, 'new');
    expect(shown('2026-10', second, gone.beside('2026-10'))).toEqual(['2026-10-20@paid-by-old -1 -73.00 old']);
  });

  it('go back as any adjustment where one client paid for all units of the cycle', () => {
    const one = new Asked().invoiced('2026-01', joined, 'old').invoiced('2026-07', joined, 'old');
    expect(shown('2026-10', left, { ...one.beside('2026-10'), billTo: 'old' })).toEqual([
      '2026-10-20 -5 -365.00 as named',
    ]);
  });

  it('are of who is named today first, where no document asks for them yet', () => {
    const first = new Asked().invoiced('2026-01', joined, 'old');
    expect(shown('2026-10', left, { ...first.beside('2026-10'), billTo: 'new' })).toEqual([
      '2026-10-20@paid-by-new -2 -146.00 new',
      '2026-10-20@paid-by-old -3 -219.00 old',
    ]);
  });

  it('are asked once, whichever part is invoiced first', () => {
    const [part] = chargesIn('2026-10', left, paid.beside('2026-10'));
    if (part === undefined) throw new Error('nothing leaves');
    const half = paid.having([{ period: '2026-10', charge: part, recipientId: 'new' }]);
    expect(shown('2026-10', left, half.beside('2026-10'))).toEqual(['2026-10-20@paid-by-old -3 -219.00 old']);
    const both = half.invoiced('2026-10', left, 'new');
    expect(shown('2026-10', left, both.beside('2026-10'))).toEqual([]);
  });

  it('follow a count that is corrected, each its own: 3 stay, and so no more than one of the old one leaves', () => {
    const both = paid.invoiced('2026-10', left, 'new');
    expect(shown('2026-10', { ...left, '2026-10-20': 3 }, both.beside('2026-10'))).toEqual([
      '2026-10-20@paid-by-old@a1 1 146.00 old',
    ]);
    expect(shown('2026-10', { ...left, '2026-10-20': 5 }, both.beside('2026-10'))).toEqual([
      '2026-10-20@paid-by-new@a1 1 73.00 new',
      '2026-10-20@paid-by-old@a1 1 219.00 old',
    ]);
  });

  it('that went to the last one whole before they were shared are put right', () => {
    const [whole] = chargesIn('2026-10', left, {});
    if (whole === undefined) throw new Error('nothing leaves');
    const before = paid.having([{ period: '2026-10', charge: whole, recipientId: 'new' }]);
    expect(shown('2026-10', left, before.beside('2026-10'))).toEqual([
      '2026-10-20@a1 1 219.00 as named',
      '2026-10-20@paid-by-old -3 -219.00 old',
    ]);
  });

  it('count as their last adjustment has them', () => {
    const fewer = { '2026-01-01': 4, '2026-07-20': 5 };
    const corrected = paid.invoiced('2026-07', fewer, 'new');
    expect(shown('2026-10', { ...fewer, '2026-10-20': 1 }, corrected.beside('2026-10'))).toEqual([
      '2026-10-20@paid-by-new -1 -73.00 new',
      '2026-10-20@paid-by-old -3 -219.00 old',
    ]);
  });

  it('are never more than a client paid for, and in all as many as left, whoever is named when', () => {
    const months = monthsBetween('2026-01', '2026-12');
    const life = fc.array(fc.record({ count: fc.integer({ min: 0, max: 9 }), payer: fc.constantFrom('a', 'b', 'c') }), {
      minLength: months.length,
      maxLength: months.length,
    });
    fc.assert(
      fc.property(life, (steps) => {
        const counts: Counts = Object.fromEntries(steps.map(({ count }, index) => [`${months[index]}-01`, count]));
        let asked = new Asked();
        for (const [index, { count, payer }] of steps.entries()) {
          asked = asked.invoiced(months[index] ?? '', counts, payer);
          const units = [...asked.units.values()];
          expect(Math.min(0, ...units)).toBe(0);
          expect(units.reduce((sum, one) => sum + one, 0)).toBe(count);
        }
        for (const month of months) expect(shown(month, counts, asked.beside(month))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('and were credited without an invoice are asked again of who was credited, whoever is named by then', () => {
    const counts = { '2026-01-01': 4, '2026-10-20': 2 };
    const [gone] = chargesIn('2026-10', counts, { billTo: 'old' });
    if (gone === undefined) throw new Error('nothing leaves');
    const invoicedCharges = [
      {
        charge: { ...frozenChargeOf(gone), billTo: 'old', servedClientId: 'cli-1' },
        invoiceId: holderOfOwnNote('cn-1'),
      },
    ];
    expect(shown('2026-10', { ...counts, '2026-10-20': 3 }, { invoicedCharges, billTo: 'new' })).toEqual([
      '2026-10-20@a1 1 73.00 old',
    ]);
    const own = invoicedCharges.map((one) => ({ ...one, charge: { ...one.charge, billTo: null } }));
    expect(shown('2026-10', { ...counts, '2026-10-20': 3 }, { invoicedCharges: own, billTo: 'new' })).toEqual([
      '2026-10-20@a1 1 73.00 cli-1',
    ]);
  });

  it('are asked for only where a contract has a cycle that units join', () => {
    expect(hasJoiners(contractOf(joined).versions)).toBe(true);
    expect(hasJoiners(contractWith({ recurringCharges: [fee({ price: '10.00' })] }).versions)).toBe(false);
  });
});

describe('units that join in the month of others that are invoiced', () => {
  const first: Counts = { '2026-01-01': 3, '2026-07-20': 5 };
  const more: Counts = { ...first, '2026-07-25': 6 };
  const asked = new Asked().invoiced('2026-01', first, 'old').invoiced('2026-07', first, 'old');
  const of = (named: string, by: Asked = asked): Partial<ClientPeriodFacts> => ({
    ...by.beside('2026-07'),
    billTo: named,
  });

  it('are asked of who is named by then: one for 160 of 365 days', () => {
    expect(shown('2026-07', more, of('new'))).toEqual(['2026-07-25@paid-by-new 1 160.00 new']);
    expect(shown('2026-07', more, of('old'))).toEqual(['2026-07-20@a1 1 160.00 as named']);
  });

  it('are asked once, follow a correction, each its own, and leave first', () => {
    const both = asked.invoiced('2026-07', more, 'new');
    expect(shown('2026-07', more, of('old', both))).toEqual([]);
    expect(shown('2026-07', { ...more, '2026-07-25': 5 }, of('old', both))).toEqual([
      '2026-07-25@paid-by-new@a1 -1 -160.00 new',
    ]);
    expect(shown('2026-07', { ...more, '2026-07-25': 4 }, of('new', both))).toEqual([
      '2026-07-20@a1 -1 -160.00 as named',
      '2026-07-25@paid-by-new@a1 -1 -160.00 new',
    ]);
    expect(shown('2026-07', { ...more, '2026-07-25': 7 }, of('third', both))).toEqual([
      '2026-07-25@paid-by-third 1 160.00 third',
    ]);
    expect(shown('2026-10', { ...more, '2026-10-20': 4 }, { ...both.beside('2026-10'), billTo: 'old' })).toEqual([
      '2026-10-20@paid-by-new -1 -73.00 new',
      '2026-10-20@paid-by-old -1 -73.00 old',
    ]);
  });

  it('cost in all what they cost one client, but for the rounding of each, whoever is named when', () => {
    const step = fc.record({ count: fc.integer({ min: 0, max: 9 }), payer: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(step, { minLength: 6, maxLength: 6 }), (steps) => {
        let counts: Counts = { '2026-01-01': 3 };
        let [several, one] = [new Asked(), new Asked()].map((none) => none.invoiced('2026-01', counts, 'a'));
        for (const [index, { count, payer }] of steps.entries()) {
          const month = index < 3 ? '2026-05' : '2026-08';
          counts = { ...counts, [`${month}-${String(7 + (index % 3) * 6).padStart(2, '0')}`]: count };
          several = several?.invoiced(month, counts, payer);
          one = one?.invoiced(month, counts, 'a');
        }
        for (const month of ['2026-01', '2026-05', '2026-08'])
          expect(shown(month, counts, { ...several?.beside(month), billTo: 'b' })).toEqual([]);
        expect(Math.abs((several?.money ?? 0) - (one?.money ?? 0))).toBeLessThan(0.1);
      }),
      { numRuns: 30 },
    );
  });
});
