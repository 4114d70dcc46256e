import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, SiteTravel, TravelTerm } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rateExplained } from '../../rate.js';
import { minimumOf, onInvoice } from '../../testing/charges.js';
import { asInvoiced } from '../../testing/facts.js';
import { METRO, ZONES, chargesOf, march, onsite, told, way } from '../../testing/travel.js';
import type { WorkItem } from '../facts.js';

describe('travel of a visit after its invoice (K27)', () => {
  const id = 'con-1@travel@way@2026-03-10@to-depot@by-eng-1';
  const [first, second] = [onsite('w-1'), onsite('w-2', 'T-2')];

  function after(work: readonly WorkItem[], travel: readonly TravelTerm[] = [way(ZONES)]) {
    const { items, charges } = rateExplained(march([first], [way(ZONES)]));
    return told(march(work, travel, {}, { invoiced: asInvoiced(items), invoicedCharges: onInvoice(charges) }));
  }

  it('asks no second fee for a second ticket, and keeps the fee when the first entry is voided', () => {
    const invoiced = `${id} invoiced 1 visit 45.00 = 45.00`;
    expect(after([first, second])).toEqual([invoiced]);
    expect(after([second])).toEqual([invoiced]);
  });

  it('gives the fee back when nobody was there, and moves it with the day', () => {
    const back = `${id}@a1 billable -1 adjustment 45.00 = -45.00`;
    const invoiced = `${id} invoiced 1 visit 45.00 = 45.00`;
    expect(after([])).toEqual([invoiced, back]);
    expect(after([onsite('w-1', 'T-1', { workDate: '2026-03-12' })])).toEqual([
      invoiced,
      back,
      'con-1@travel@way@2026-03-12@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
    ]);
  });

  it('follows the version in force, and stands where its price can no longer be told', () => {
    expect(after([first], [way({ ...ZONES, zones: [{ zone: 'metro', fee: '50.00' }] })])).toEqual([
      `${id} invoiced 1 visit 45.00 = 45.00`,
      `${id}@a1 billable 1 adjustment 5.00 = 5.00`,
    ]);
    expect(after([first], [way({ ...ZONES, zones: [{ zone: 'country', fee: '50.00' }] })])).toEqual([
      `${id} invoiced 1 visit 45.00 = 45.00`,
    ]);
  });

  describe('of which money was given back', () => {
    const invoicedFee = (credited: string) => {
      const { items, charges } = rateExplained(march([first], [way(ZONES)]));
      const given = { credited: { amount: credited, currency: 'AUD' }, creditNoteId: 'cn-1' };
      return {
        invoiced: asInvoiced(items),
        invoicedCharges: onInvoice(charges).map((one) => ({ ...one, ...given })),
      };
    };
    const then = (work: readonly WorkItem[], settled: Partial<ClientPeriodFacts>) =>
      march(work, [way({ ...ZONES, otherZones: '30.00' })], { minimumCommitment: minimumOf('200.00') }, settled);
    const asked = (ofMarch: ClientPeriodFacts) =>
      chargesOf(ofMarch)
        .filter(({ kind, disposition }) => kind === 'travel' && disposition === 'billable')
        .map(({ chargeItemId, net }) => `${chargeItemId.slice('con-1@travel@way@2026-03-'.length)} ${net.amount}`);
    const byOther = onsite('w-1', 'T-1', { engineerId: 'eng-2', sourceEventIds: ['ev-w-1', 'ev-c'] });

    // All of 45.00: 0 goes back, 0 is asked. 20.00 of it: 25.00 goes back, and 45.00 - 20.00 = 25.00 is asked. At the farm 30.00 - 20.00 = 10.00.
    it.each<[string, Parameters<typeof onsite>[2], string, string, readonly string[]]>([
      ['the engineer', { engineerId: 'eng-2' }, 'T-1', '45.00', []],
      [
        'the engineer',
        { engineerId: 'eng-2' },
        'T-1',
        '20.00',
        ['10@to-depot@by-eng-1@a1 -25.00', '10@to-depot@by-eng-2 25.00'],
      ],
      [
        'the day',
        { workDate: '2026-03-12' },
        'T-1',
        '20.00',
        ['10@to-depot@by-eng-1@a1 -25.00', '12@to-depot@by-eng-1 25.00'],
      ],
      ['the site', {}, 'T-3', '20.00', ['10@to-depot@by-eng-1@a1 -25.00', '10@to-farm@by-eng-1 10.00']],
    ])('stands so where %s is corrected to %j of %s, %s given back', (_, changes, ticketId, credited, expected) => {
      const corrected = onsite('w-1', ticketId, { ...changes, sourceEventIds: ['ev-w-1', 'ev-c'] });
      const later = then([corrected], invoicedFee(credited));
      expect(asked(later)).toEqual(expected);
      for (const charge of chargesOf(later).filter(({ chargeId }) => !chargeId.endsWith('@to-depot@by-eng-1'))) {
        const sum = partsOfCharge(charge).reduce((total, { amount }) => total + Number(amount.amount), 0);
        expect(sum.toFixed(2)).toBe(charge.net.amount);
      }
    });

    it('stands when that is invoiced too, and when it is corrected back', () => {
      const settled = invoicedFee('20.00');
      const open = chargesOf(then([byOther], settled)).filter(({ disposition }) => disposition === 'billable');
      const both = { ...settled, invoicedCharges: [...settled.invoicedCharges, ...onInvoice(open, 'inv-2')] };
      expect(asked(then([byOther], both))).toEqual([]);
      expect(asked(then([first], both))).toEqual(['10@to-depot@by-eng-1@a2 25.00', '10@to-depot@by-eng-2@a1 -25.00']);
    });

    it('stands by its term, or where the terms have that no more by any', () => {
      const settled = invoicedFee('20.00');
      const [fee, other] = [way(ZONES), way(ZONES, { id: 'again', name: 'Again' })];
      const ofTerms = (...travel: readonly TravelTerm[]) => asked(march([byOther], travel, {}, settled));
      const back = '10@to-depot@by-eng-1@a1 -25.00';
      // Of two terms the one that was forgone asks 45.00 - 20.00; under another id the first takes it.
      expect(
        chargesOf(march([byOther], [other, fee], {}, settled)).map(
          ({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`,
        ),
      ).toEqual([
        'con-1@travel@again@2026-03-10@to-depot@by-eng-2 45.00',
        'con-1@travel@way@2026-03-10@to-depot@by-eng-1 45.00',
        `con-1@travel@way@2026-03-${back}`,
        'con-1@travel@way@2026-03-10@to-depot@by-eng-2 25.00',
      ]);
      expect(ofTerms(other)).toEqual([expect.stringContaining('25.00'), back]);
    });

    it('counts towards the minimum as it would have', () => {
      // 150.00 + 45.00 of 200.00.
      const minimum = chargesOf(then([byOther], invoicedFee('45.00'))).filter(({ kind }) => kind === 'minimum');
      expect(minimum.map(({ net }) => net.amount)).toEqual(['5.00']);
    });

    it('ends where the work becomes part of a visit that was asked for itself', () => {
      const { items, charges } = rateExplained(march([first, { ...second, engineerId: 'eng-2' }], [way(ZONES)]));
      const [one, two] = onInvoice(charges);
      if (one === undefined || two === undefined) throw new Error('two visits were charged');
      const given = { ...one, credited: { amount: '45.00', currency: 'AUD' }, creditNoteId: 'cn-1' };
      const settled = { invoiced: asInvoiced(items), invoicedCharges: [given, two] };
      expect(asked(then([byOther, { ...second, engineerId: 'eng-2' }], settled))).toEqual([]);
    });
  });

  // 150.00 + 45.00 = 195.00 of 200.00: 5.00, less 10 % after the minimum 4.50; of the fee 40.50 were asked then. An amount off of 50.00 on included work takes the 45.00.
  it.each<[string, Partial<ContractTerms>]>([
    ['a minimum', { minimumCommitment: minimumOf('200.00') }],
    [
      'a minimum, less a percent after it',
      {
        minimumCommitment: minimumOf('200.00'),
        discounts: [{ id: 'd', name: 'Ten', kind: 'percent', percent: '10', order: 'after-minimum' }],
      },
    ],
    [
      'an amount off',
      {
        coverage: [{ id: 'all', name: 'All', match: {}, outcome: 'included' }],
        discounts: [
          { id: 'd', name: 'Fifty', kind: 'amount', amount: '50.00', order: 'before-minimum', taxCategory: 'GST' },
        ],
      },
    ],
  ])('that stands without a price counts at what was asked, for %s', (_, terms) => {
    const priced = rateExplained(march([first], [way(ZONES)], terms));
    const nets = priced.charges.map(({ net }) => net.amount);
    expect([
      ['5.00', '45.00'],
      ['4.50', '40.50'],
      ['-45.00', '45.00'],
    ]).toContainEqual(nets);
    const settled = { invoiced: asInvoiced(priced.items), invoicedCharges: onInvoice(priced.charges) };
    const later = chargesOf(march([first], [way(ZONES)], { ...terms, travelTo: null }, settled));
    expect(later.map(({ net, disposition }) => `${disposition} ${net.amount}`)).toEqual(
      nets.map((net) => `invoiced ${net}`),
    );
  });

  it('that stands counts in the tax category in which it is asked', () => {
    const included = { id: 'all', name: 'All', match: {}, outcome: 'included' } as const;
    const discounts = [{ id: 'd', name: 'Fifty', kind: 'amount', amount: '50.00', order: 'before-minimum' } as const];
    const settled: { charge: ReturnType<typeof onInvoice>[number]['charge']; invoiceId: string }[] = [];
    const rated = (taxCategory: string, travelTo: SiteTravel | null) => {
      const terms = { coverage: [included], discounts, travelTo };
      const all = chargesOf(march([first], [way(ZONES, { taxCategory })], terms, { invoicedCharges: [...settled] }));
      const open = all.filter(({ disposition }) => disposition === 'billable');
      settled.push(...onInvoice(open, `inv-${settled.length}`));
      return open.map(({ kind, taxCategory: of, net }) => `${kind} ${of} ${net.amount}`).sort();
    };
    expect(rated('GST', METRO)).toEqual(['discount GST -45.00', 'travel GST 45.00']);
    const moved = ['discount FREE -45.00', 'discount GST 45.00', 'travel FREE 45.00', 'travel GST -45.00'];
    expect(rated('FREE', METRO)).toEqual(moved);
    expect(rated('FREE', null)).toEqual([]);
  });

  it('of an entry over midnight is that of its first day, also over the end of a month', () => {
    const over = onsite('w-1', 'T-1', {
      workDate: '2026-03-31',
      startedAt: '2026-03-31T23:30:00Z',
      endedAt: '2026-04-01T00:30:00Z',
    });
    expect(told(march([over], [way(ZONES)], {}, { clientTimeZone: 'UTC' }))).toEqual([
      'con-1@travel@way@2026-03-31@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
    ]);
    expect(told(march([over], [way(ZONES)], {}, { clientTimeZone: 'UTC', period: '2026-04' }))).toEqual([]);
  });
});
