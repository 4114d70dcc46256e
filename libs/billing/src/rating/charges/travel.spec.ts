import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard, SiteTravel, TravelTerm } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ChargeItem } from '../../item/charge-item.js';
import type { TicketFacts, WorkItem } from '../facts.js';
import { rateExplained } from '../../rate.js';
import { contractWith, minimumOf, onInvoice } from '../../testing/charges.js';
import { asInvoiced, card, facts, only, ticketFacts, time } from '../../testing/facts.js';

type TravelPrice = TravelTerm['price'];

const METRO: SiteTravel = { zone: 'metro', minutes: 25, kilometres: '18.5' };
const ZONES: TravelPrice = { kind: 'zone-fee', zones: [{ zone: 'metro', fee: '45.00' }] };

function way(price: TravelPrice, changes: Partial<TravelTerm> = {}): TravelTerm {
  return { id: 'way', name: 'Travel', match: { workTypes: ['onsite'] }, price, taxCategory: 'GST', ...changes };
}

function site(siteId: string, travel?: SiteTravel) {
  const details = { name: siteId, address: null, timeZone: null, calendar: null, holidays: null, billTo: null };
  return { siteId, details: [{ from: '2026-01-01', ...details, ...(travel === undefined ? {} : { travel }) }] };
}

/** Work on site of T-1 and T-2 at the depot, and of T-3 at the farm. */
function march(
  work: readonly WorkItem[],
  travel: readonly TravelTerm[],
  {
    travelTo = METRO,
    cardOf = {},
    ...terms
  }: Partial<ContractTerms> & { travelTo?: SiteTravel | null; cardOf?: Partial<RateCard> } = {},
  changes: Partial<ClientPeriodFacts> = {},
): ClientPeriodFacts {
  const tickets = new Map<string, TicketFacts>(
    [
      ['T-1', 'depot'],
      ['T-2', 'depot'],
      ['T-3', 'farm'],
    ].map(([ticketId = '', siteId = '']) => [ticketId, ticketFacts({ ticketId, siteId })]),
  );
  const labour = [{ workType: null, engineerRole: null, pricePerHour: '150.00' }];
  const contract = contractWith({ rateCard: card({ labour, ...cardOf }), travel, ...terms });
  const places = { sites: [site('depot', travelTo ?? undefined), site('farm', { zone: 'country', kilometres: '80' })] };
  return facts(work, { contracts: [contract], tickets, places, ...changes });
}

function onsite(workItemId: string, ticketId = 'T-1', changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {}) {
  const position = Number(workItemId.slice(2));
  return time({ workItemId, ticketId, position, workType: 'onsite', sourceEventIds: [`ev-${workItemId}`], ...changes });
}

function chargesOf(ofMarch: ClientPeriodFacts): readonly ChargeItem[] {
  return rateExplained(ofMarch).charges;
}

function told(ofMarch: ClientPeriodFacts): readonly string[] {
  return chargesOf(ofMarch).map(
    ({ chargeItemId, quantity, unit, unitPrice, net, disposition }) =>
      `${chargeItemId} ${disposition} ${quantity} ${unit} ${unitPrice.amount} = ${net.amount}`,
  );
}

describe('travel of a visit (K27)', () => {
  it('is a fee by the zone of the site, once for two tickets of a visit', () => {
    const work = [onsite('w-1'), onsite('w-2', 'T-2')];
    const charge = only(chargesOf(march(work, [way(ZONES)])));
    expect(charge).toMatchObject({
      chargeItemId: 'con-1@travel@way@2026-03-10@to-depot@by-eng-1',
      kind: 'travel',
      net: { amount: '45.00' },
      sourceEventIds: ['ev-w-1', 'ev-w-2'],
    });
    expect(charge.trace.map(({ text }) => text)).toEqual([
      'Travel (way) of contract con-1 version 1: visit to depot on 2026-03-10 by eng-1, for T-1, T-2',
      'travel zone metro: 45.00 AUD a visit; once for the visit, 45.00 AUD',
      '45 -> 45.00 AUD',
    ]);
  });

  it('is another one on another day, to another site and by another engineer, and one for a crew', () => {
    const others: TravelPrice = { ...ZONES, otherZones: '120.00' };
    const work = [
      onsite('w-1'),
      onsite('w-2', 'T-2', { engineerId: 'eng-2' }),
      onsite('w-3', 'T-1', { workDate: '2026-03-11' }),
      onsite('w-4', 'T-3'),
    ];
    expect(told(march(work, [way(others)]))).toEqual([
      'con-1@travel@way@2026-03-10@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
      'con-1@travel@way@2026-03-10@to-depot@by-eng-2 billable 1 visit 45.00 = 45.00',
      'con-1@travel@way@2026-03-10@to-farm@by-eng-1 billable 1 visit 120.00 = 120.00',
      'con-1@travel@way@2026-03-11@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
    ]);
    expect(told(march(work, [way(others)], { cardOf: { visitBy: 'crew' } }))).toEqual([
      'con-1@travel@way@2026-03-10@to-depot billable 1 visit 45.00 = 45.00',
      'con-1@travel@way@2026-03-10@to-farm billable 1 visit 120.00 = 120.00',
      'con-1@travel@way@2026-03-11@to-depot billable 1 visit 45.00 = 45.00',
    ]);
  });

  // 2 x 25 = 50 min, less 15 free 35 min; half of 150.00 is 75.00: 75.00 x 35 / 60 = 43.75. One way nothing is left above 25 free.
  it.each<[TravelPrice, string | null, readonly string[]]>([
    [{ kind: 'hours', factor: '0.5', way: 'return', freeMinutes: 15 }, null, ['0.583333 h 75.00 = 43.75']],
    [{ kind: 'hours', factor: '0.5', way: 'one-way' }, null, ['0.416667 h 75.00 = 31.25']],
    [{ kind: 'hours', factor: '0.5', way: 'one-way', freeMinutes: 25 }, null, []],
    [{ kind: 'hours', factor: '1.5', pricePerHour: '80.00', way: 'return' }, null, ['0.833333 h 120.00 = 100.00']],
    [{ kind: 'hours', factor: '1.5', pricePerHour: '80.00', way: 'return' }, '60.00', ['0.833333 h 120.00 = 60.00']],
    // 37 km at 0.88 = 32.56; less 20 km free: 17 x 0.88 = 14.96.
    [{ kind: 'kilometres', pricePerKilometre: '0.88', way: 'return' }, null, ['37 km 0.88 = 32.56']],
    [{ kind: 'kilometres', pricePerKilometre: '0.88', way: 'one-way' }, null, ['18.5 km 0.88 = 16.28']],
    [
      { kind: 'kilometres', pricePerKilometre: '0.88', way: 'return', freeKilometres: '20' },
      null,
      ['17 km 0.88 = 14.96'],
    ],
    [ZONES, '40.00', ['1 visit 45.00 = 40.00']],
  ])('%j, at most %s: %j', (price, cap, expected) => {
    const all = march([onsite('w-1')], [way(price, cap === null ? {} : { cap })]);
    const id = 'con-1@travel@way@2026-03-10@to-depot@by-eng-1 billable';
    expect(told(all)).toEqual(expected.map((one) => `${id} ${one}`));
    for (const charge of chargesOf(all)) {
      const parts = partsOfCharge(charge);
      const sum = parts.reduce((total, { amount }) => total + Number(amount.amount), 0);
      expect(sum.toFixed(2)).toBe(charge.net.amount);
      expect(parts.map(({ label }) => label)).toEqual(cap === null ? ['price'] : ['price', 'cap']);
    }
  });

  it('has the lines of two terms, a fee and kilometres', () => {
    const km: TravelPrice = { kind: 'kilometres', pricePerKilometre: '0.88', way: 'return' };
    expect(told(march([onsite('w-1')], [way(ZONES), way(km, { id: 'km', name: 'Kilometres' })]))).toEqual([
      'con-1@travel@km@2026-03-10@to-depot@by-eng-1 billable 37 km 0.88 = 32.56',
      'con-1@travel@way@2026-03-10@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
    ]);
  });

  it('is charged whatever becomes of the work, and not for work that nobody travels to, or has yet to approve', () => {
    const included = { id: 'all', name: 'All', match: {}, outcome: 'included' } as const;
    expect(told(march([onsite('w-1')], [way(ZONES)], { coverage: [included] }))).toHaveLength(1);
    expect(told(march([onsite('w-1', 'T-1', { workType: 'remote' })], [way(ZONES)]))).toEqual([]);
    expect(told(march([onsite('w-1', 'T-1', { approval: 'unapproved' })], [way(ZONES)]))).toEqual([]);
    expect(told(march([onsite('w-1', 'T-1', { approval: 'rejected' })], [way(ZONES)]))).toEqual([]);
    const free = march([onsite('w-1')], [way(ZONES)]);
    const noCharge = { reasonCode: 'goodwill', reason: 'our fault', eventId: 'ev' };
    const declared = new Map([['T-1', ticketFacts({ ticketId: 'T-1', siteId: 'depot', noCharge })]]);
    expect(told({ ...free, tickets: declared })).toEqual([]);
  });

  it('counts towards the minimum, and is lowered by the percent off its work', () => {
    // 150.00 + 45.00 = 195.00 of 200.00.
    expect(told(march([onsite('w-1')], [way(ZONES)], { minimumCommitment: minimumOf('200.00') }))).toEqual([
      'con-1@minimum@min@2026-03-01 billable 1 period 5.00 = 5.00',
      'con-1@travel@way@2026-03-10@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
    ]);
    const discounts = [{ id: 'd', name: 'Loyalty', kind: 'percent', percent: '10', order: 'before-minimum' } as const];
    const charge = only(chargesOf(march([onsite('w-1')], [way(ZONES)], { discounts })));
    expect(charge.net.amount).toBe('40.50');
    expect(partsOfCharge(charge).map(({ label, amount }) => `${label} ${amount.amount}`)).toEqual([
      'price 45.00',
      'discount -4.50',
    ]);
  });

  it('of work out of scope costs what its term says, and nothing else of the contract is about it', () => {
    const discounts = [{ id: 'd', name: 'Half', kind: 'percent', percent: '50', order: 'before-minimum' } as const];
    const coverage = [{ id: 'all', name: 'All', match: {}, outcome: 'included' } as const];
    const terms = { coverage, discounts, minimumCommitment: minimumOf('300.00') };
    const inScope = march([onsite('w-1'), onsite('w-2', 'T-2')], [way(ZONES)], terms);
    const outOf = (...ticketIds: readonly string[]): ClientPeriodFacts => {
      const scope = [{ by: 'operations', scope: 'out-of-scope', reason: 'x', position: 9, eventId: 'ev-9' } as const];
      const declared = ticketIds.map((id) => [id, ticketFacts({ ticketId: id, siteId: 'depot', scope })] as const);
      return { ...inScope, tickets: new Map([...inScope.tickets, ...declared]) };
    };
    const nets = (ofMarch: ClientPeriodFacts) => chargesOf(ofMarch).map(({ net }) => net.amount);
    // Half of 45.00 counts: 300.00 - 22.50 = 277.50. All of the visit out of scope: 45.00, and nothing counts.
    expect(nets(inScope)).toEqual(['277.50', '22.50']);
    expect(nets(outOf('T-1', 'T-2'))).toEqual(['300.00', '45.00']);
    // Where some of the visit's work is of the contract, so is its way.
    expect(nets(outOf('T-1'))).toEqual(['277.50', '22.50']);
    expect(nets(outOf('T-2'))).toEqual(['277.50', '22.50']);
  });

  it.each(['engineer', 'crew'] as const)('of two contracts is one, of that of its first work (by %s)', (visitBy) => {
    const work = [
      onsite('w-1'),
      onsite('w-2', 'T-2'),
      onsite('w-3', 'T-2', { engineerId: 'eng-2' }),
      onsite('w-4', 'T-1', { engineerId: 'eng-2' }),
      onsite('w-5', 'T-1', { engineerId: 'eng-3' }),
    ];
    const first = march(work, [way(ZONES)], { cardOf: { visitBy } });
    const other = visitBy === 'crew' ? 'engineer' : 'crew';
    const second = march(work, [way(ZONES)], { cardOf: { visitBy: other } });
    const [one, two] = [only(first.contracts), { ...only(second.contracts), contractId: 'con-2', allowOverlap: true }];
    const tickets = new Map(
      [
        ['T-1', 'con-1'],
        ['T-2', 'con-2'],
      ].map(([ticketId = '', contractId = '']) => [ticketId, ticketFacts({ ticketId, siteId: 'depot', contractId })]),
    );
    // By con-1 a crew is one visit; or eng-1 is one, and eng-2, who is first there for con-2, comes with its crew.
    expect(told({ ...first, tickets, contracts: [one, two] })).toEqual(
      visitBy === 'crew'
        ? ['con-1@travel@way@2026-03-10@to-depot billable 1 visit 45.00 = 45.00']
        : [
            'con-1@travel@way@2026-03-10@to-depot@by-eng-1 billable 1 visit 45.00 = 45.00',
            'con-2@travel@way@2026-03-10@to-depot billable 1 visit 45.00 = 45.00',
          ],
    );
  });

  it('without what its price needs is a gap that says what lacks', () => {
    const gapsOf = (travelTo: SiteTravel | null, price: TravelPrice) =>
      rateExplained(march([onsite('w-1')], [way(price)], { travelTo }))
        .gaps.filter(({ charge }) => charge !== undefined)
        .map(({ kind, cause }) => `${kind}: ${cause}`);
    const lacks = 'contract-mismatch: Travel, visit to depot on 2026-03-10:';
    expect(gapsOf(null, ZONES)).toEqual([
      `${lacks} nobody stated of site depot which travel zone it is in (travel.zone)`,
    ]);
    expect(gapsOf({ zone: 'moon' }, ZONES)).toEqual([
      `${lacks} it is in travel zone moon, for which the terms have no fee; they have metro`,
    ]);
    expect(gapsOf({}, { kind: 'hours', factor: '1', way: 'return' })).toEqual([
      `${lacks} nobody stated of site depot how many minutes the way takes (travel.minutes)`,
    ]);
    expect(gapsOf({}, { kind: 'kilometres', pricePerKilometre: '1', way: 'return' })).toEqual([
      `${lacks} nobody stated of site depot how many kilometres away it is (travel.kilometres)`,
    ]);
  });
});

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
