import { describe, expect, it } from '@jest/globals';
import type { SiteTravel } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rateExplained } from '../../rate.js';
import { minimumOf } from '../../testing/charges.js';
import { only, ticketFacts } from '../../testing/facts.js';
import { type TravelPrice, ZONES, chargesOf, march, onsite, told, way } from '../../testing/travel.js';

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
