import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import { asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Account = Partial<ClientPeriodFacts>;

/** A call-out of two hours at least, at 170.00 an hour: 340.00 a visit. */
const CALL_OUT: Partial<RateCard> = {
  labour: [{ workType: null, engineerRole: null, pricePerHour: '170.00' }],
  minimumMinutes: 120,
  incrementMinutes: 15,
  roundingScope: 'visit',
};
const FLAT: Partial<RateCard> = { workTypes: [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'visit' }] };
const contract = (card: Partial<RateCard>, changes: Partial<ContractTerms> = {}) =>
  contractFacts({ terms: { ...terms(card), ...changes } });
/** The sites of tickets T-1, T-2 and T-3. */
const at = (...sites: readonly string[]): Pick<ClientPeriodFacts, 'tickets'> => ({
  tickets: new Map(
    sites.map((siteId, index) => {
      const ticketId = `T-${index + 1}`;
      return [ticketId, ticketFacts({ ticketId, siteId })] as const;
    }),
  ),
});
const on = (number: number, minutes = 30, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, ticketId: `T-${number}`, position: number, minutes, ...changes });
const TWO = [on(1), on(2)];
const invoicedAt = (work: readonly WorkItem[], account: Account) => asInvoiced(rate(facts(work, account)).items);
const mismatches = (work: readonly WorkItem[], account: Account) =>
  rate(facts(work, account))
    .gaps.filter(({ kind }) => kind === 'contract-mismatch')
    .map(({ workItemId, valueAtRisk }) => `${workItemId} ${valueAtRisk.money?.amount}`);
const nets = (invoiced: ReturnType<typeof invoicedAt>) => invoiced.map(({ line }) => line.net.amount);

describe('a place that is another after the invoice (B1)', () => {
  it('two visits that are one now: 680.00 were asked for 340.00', () => {
    const contracts = [contract(CALL_OUT)];
    const invoiced = invoicedAt(TWO, { contracts, ...at('a', 'b') });
    expect(nets(invoiced)).toEqual(['340.00', '340.00']);
    expect(mismatches(TWO, { contracts, invoiced, ...at('a', 'b') })).toEqual([]);
    expect(mismatches(TWO, { contracts, invoiced, ...at('a', 'a') })).toEqual(['w-1 -170.00', 'w-2 -170.00']);
    // Both went to a third place together: one visit still is too few.
    expect(mismatches(TWO, { contracts, invoiced, ...at('c', 'c') })).toEqual(['w-1 -170.00', 'w-2 -170.00']);
    expect(mismatches(TWO, { contracts, invoiced, ...at('c', 'd') })).toEqual([]);
  });

  it('one visit that is two now: 340.00 were asked for 680.00', () => {
    const contracts = [contract(CALL_OUT)];
    const invoiced = invoicedAt(TWO, { contracts, ...at('a', 'a') });
    expect(nets(invoiced)).toEqual(['170.00', '170.00']);
    expect(mismatches(TWO, { contracts, invoiced, ...at('a', 'b') })).toEqual(['w-1 170.00', 'w-2 170.00']);
  });

  it('a draft of them, as long as it stands', () => {
    const contracts = [contract(CALL_OUT)];
    const drafted = invoicedAt(TWO, { contracts, ...at('a', 'b') });
    const claimed = new Map(TWO.map(({ workItemId }) => [workItemId, 'inv-1']));
    expect(mismatches(TWO, { contracts, drafted, claimed, ...at('a', 'a') })).toEqual(['w-1 -170.00', 'w-2 -170.00']);
  });

  it('with what is not invoiced counted as it is rated: the rest of what the visit is rounded to is theirs', () => {
    const contracts = [contract(CALL_OUT)];
    const invoiced = invoicedAt(TWO, { contracts, ...at('a', 'b') });
    // The third half an hour finds two hours at site a, and asks nothing; 30 + 30 + 30 min are 120 min, 60 for each of the two.
    const three = [...TWO, on(3)];
    const account = { contracts, invoiced, ...at('a', 'a', 'a') };
    expect(rate(facts(three, account)).items.at(-1)).toMatchObject({ itemId: 'w-3', billableMinutes: 0 });
    expect(mismatches(three, account)).toEqual(['w-1 -170.00', 'w-2 -170.00']);
  });

  it('a visit that the zone of its place puts on two days', () => {
    const contracts = [contract(CALL_OUT)];
    // 23:00 in Sydney is 20:00 in Perth, and half past midnight half past nine.
    const night = [
      on(1, 30, { startedAt: '2026-03-10T23:00:00+11:00', endedAt: '2026-03-10T23:30:00+11:00' }),
      on(2, 30, {
        workDate: '2026-03-11',
        startedAt: '2026-03-11T00:30:00+11:00',
        endedAt: '2026-03-11T01:00:00+11:00',
      }),
    ];
    const perth = { contracts, ...at('a', 'a'), clientTimeZone: 'Australia/Perth' };
    const sydney = { contracts, ...at('a', 'a'), clientTimeZone: 'Australia/Sydney' };
    const invoiced = invoicedAt(night, perth);
    expect(nets(invoiced)).toEqual(['170.00', '170.00']);
    expect(mismatches(night, { ...perth, invoiced })).toEqual([]);
    expect(mismatches(night, { ...sydney, invoiced })).toEqual(['w-1 170.00', 'w-2 170.00']);
  });

  it('one price a visit: the second of two that are one now was charged too much, and the other way round', () => {
    const contracts = [contract(FLAT)];
    const apart = invoicedAt(TWO, { contracts, ...at('a', 'b') });
    expect(nets(apart)).toEqual(['220.00', '220.00']);
    expect(mismatches(TWO, { contracts, invoiced: apart, ...at('a', 'a') })).toEqual(['w-2 -220.00']);
    const together = invoicedAt(TWO, { contracts, ...at('a', 'a') });
    expect(nets(together)).toEqual(['220.00', '0.00']);
    expect(mismatches(TWO, { contracts, invoiced: together, ...at('a', 'b') })).toEqual(['w-2 220.00']);
    // Work that is not invoiced and was charged for the visit already leaves nothing to ask.
    const three = [...TWO, on(3)];
    const moved = { contracts, invoiced: apart, ...at('a', 'c', 'c') };
    expect(rate(facts(three, moved)).items.at(-1)).toMatchObject({ itemId: 'w-3', net: { amount: '220.00' } });
    expect(mismatches(three, moved)).toEqual(['w-2 -220.00']);
  });

  it('beside work whose adjustment carries its own difference, and work of which something was forgone', () => {
    const contracts = [contract(CALL_OUT)];
    const invoiced = invoicedAt(TWO, { contracts, ...at('a', 'b') });
    const [first] = invoiced;
    if (first === undefined) throw new Error('nothing is invoiced');
    const credited = { ...first, credited: { amount: '10.00', currency: 'AUD' }, creditNoteId: 'cn-1' };
    const both = [credited, ...invoiced.slice(1)];
    // Of the first 10.00 went back: it is compared as it was asked, and so is the other.
    expect(mismatches(TWO, { contracts, invoiced: both, ...at('a', 'a') })).toEqual(['w-1 -170.00', 'w-2 -170.00']);
    const longer = on(1, 60, { sourceEventIds: ['ev-w-1', 'ev-b'] });
    const { items, gaps } = rate(facts([longer, on(2)], { contracts, invoiced, ...at('a', 'a') }));
    expect(items.filter(({ disposition }) => disposition === 'billable').map(({ net }) => net?.amount)).not.toEqual([]);
    expect(gaps.some(({ kind, workItemId }) => kind === 'contract-mismatch' && workItemId === 'w-1')).toBe(false);
  });
});

describe('a ticket that is classified otherwise after the invoice (B1)', () => {
  const discounts: ContractTerms['discounts'] = [
    {
      id: 'net',
      name: 'Network',
      kind: 'percent',
      percent: '10',
      order: 'before-minimum',
      match: { categories: ['network'] },
    },
  ];
  const hourly = { labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] };
  const of = (changes: Partial<TicketFacts>) => ({
    contracts: [contract(hourly, { discounts })],
    tickets: new Map([['T-1', ticketFacts(changes)]]),
  });
  const hour = time();

  it('another percent off is a mismatch, though rule, version and class are the same', () => {
    const less = invoicedAt([hour], of({ category: 'network' }));
    expect(nets(less)).toEqual(['90.00']);
    expect(mismatches([hour], { ...of({ category: 'network' }), invoiced: less })).toEqual([]);
    expect(mismatches([hour], { ...of({ category: 'server' }), invoiced: less })).toEqual(['w-1 10.00']);
    const full = invoicedAt([hour], of({ category: 'server' }));
    expect(mismatches([hour], { ...of({ category: 'network' }), invoiced: full })).toEqual(['w-1 -10.00']);
  });
});
