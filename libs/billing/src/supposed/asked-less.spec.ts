import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { allotment, aud, block, minutes, money } from '../testing/charges.js';
import {
  CONFIGURATION,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import { askedLess } from './asked-less.js';
import { askedLessByTerms } from './under-terms.js';
import { OF_NO_CLIENT, placesAfter, supposedPeriods } from './supposed-events.js';

type Account = Partial<ClientPeriodFacts>;

const told = (type: TicketEvent['type'], data: object): TicketEvent =>
  ({ type, data, occurredAt: '2026-03-25T00:00:00Z' }) as unknown as TicketEvent;
const voids = (timeEntryId = 'w-1') => told('TimeEntryVoided', { timeEntryId, reason: 'wrong' });
const factsOf = (work: WorkItem) => {
  const { workItemId: _, ticketId: __, position: ___, sourceEventIds: ____, ...stated } = work;
  return stated;
};
const corrects = (changes: Parameters<typeof time>[0]) =>
  told('TimeEntryCorrected', { timeEntryId: 'w-1', reason: 'less', correctedBy: 'eng-1', ...factsOf(time(changes)) });

const shown = (
  periods: readonly ClientPeriodFacts[],
  events: readonly TicketEvent[],
  ticketId = 'T-1',
): readonly string[] =>
  askedLess(periods, supposedPeriods(periods, { ticketId, events })).map(
    (less) => `${less.ticketId ?? 'no ticket'} ${less.money?.toString() ?? 'unstated'}`,
  );
const of = (work: readonly WorkItem[], account: Account, ...events: readonly TicketEvent[]): readonly string[] =>
  shown([facts(work, account)], events);

const under = (changes: Partial<ContractTerms>, coverage?: readonly CoverageRule[]): Account => ({
  contracts: [contractFacts({ terms: { ...terms({}, coverage), ...changes } })],
});
const covering = (outcome: CoverageRule['outcome'], more: Partial<CoverageRule> = {}): readonly CoverageRule[] => [
  { id: 'all', name: 'All', match: {}, outcome, ...more },
];
const prepaid = (amount: ReturnType<typeof minutes> | ReturnType<typeof money>): Account => ({
  contracts: [contractFacts({ terms: terms({}, covering('prepaid')), blocks: [block('b', amount)] })],
});
const invoiced = (work: readonly WorkItem[], account: Account = {}): Account => ({
  ...account,
  invoiced: asInvoiced(rateExplained(facts(work, account)).items),
});
const minimumOf = (amountPerPeriod: string) => ({
  id: 'min',
  name: 'Minimum',
  amountPerPeriod,
  countsRecurring: false,
  taxCategory: 'GST',
});
const withoutPrice: Account = { contracts: [] };
const noAssumption: Account = { contracts: [], configuration: { ...CONFIGURATION, assumedPricePerHour: null } };
const outOfScope = ticketFacts({
  scope: [{ by: 'resolution', scope: 'out-of-scope', reason: null, position: 9, eventId: 'ev-scope' }],
});

/** Of Y2: approved or resolved work that is voided, corrected, rejected, or made free. */
describe('what a client is asked less', () => {
  it.each<[string, readonly WorkItem[], Account, TicketEvent, readonly string[]]>([
    ['of a void is all of the entry', [time()], {}, voids(), ['T-1 150.00 AUD']],
    ['of a rejection as well', [time()], {}, told('TimeEntryRejected', { timeEntryId: 'w-1' }), ['T-1 150.00 AUD']],
    ['of 60 min as 1 is 59 min', [time()], {}, corrects({ minutes: 1 }), ['T-1 147.50 AUD']],
    ['of one stated minute is the rest', [time()], {}, corrects({ statedBillableMinutes: 1 }), ['T-1 147.50 AUD']],
    ['of more minutes is nothing', [time()], {}, corrects({ minutes: 90 }), []],
    ['of words is nothing', [time()], {}, corrects({ description: 'Printer' }), []],
    ['of an invoiced entry is what goes back', [time()], invoiced([time()]), voids(), ['T-1 150.00 AUD']],
    [
      'of a work type without a price is all of it',
      [time()],
      { configuration: { ...CONFIGURATION, assumedPricePerHour: null } },
      corrects({ workType: 'unheard-of' }),
      ['T-1 150.00 AUD'],
    ],
    ['of work without a price is the assumed one', [time()], withoutPrice, voids(), ['T-1 150.00 AUD']],
    ['of work that nobody can value is unstated', [time()], noAssumption, voids(), ['T-1 unstated']],
    [
      'of fewer pieces is the pieces',
      [material()],
      {},
      told('MaterialUsageCorrected', { materialUsageId: 'm-1', ...factsOf(material({ quantity: '1' })) }),
      ['T-1 30.00 AUD'],
    ],
    [
      'of goods under warranty is their price',
      [material()],
      {},
      told('MaterialUsageCorrected', { materialUsageId: 'm-1', ...factsOf(material({ underWarranty: true })) }),
      ['T-1 45.00 AUD'],
    ],
    [
      'of goods that a supplier owes under a claim is what their gap tells',
      [material({ underWarranty: true, warrantyClaim: 'RMA-1' })],
      {},
      told('MaterialUsageVoided', { materialUsageId: 'm-1', reason: 'wrong' }),
      ['T-1 45.00 AUD'],
    ],
    [
      'of an expense is its cost with the markup',
      [expense()],
      {},
      told('ExpenseVoided', { expenseId: 'x-1', reason: 'wrong' }),
      ['T-1 22.00 AUD'],
    ],
    [
      'of a lower cost is the difference with the markup',
      [expense()],
      {},
      told('ExpenseCorrected', { expenseId: 'x-1', ...factsOf(expense({ cost: aud('5.00') })) }),
      ['T-1 16.50 AUD'],
    ],
    ['of included work is nothing', [time()], under({}, covering('included')), voids(), []],
    [
      'of included work above its limit is what its gap tells',
      [time()],
      under({}, covering('included', { includedMinutesPerTicket: 20 })),
      voids(),
      ['T-1 100.00 AUD'],
    ],
    ['of prepaid hours is what they are worth', [time()], prepaid(minutes(600)), voids(), ['T-1 150.00 AUD']],
    ['of prepaid money as well', [time()], prepaid(money('1000.00')), voids(), ['T-1 150.00 AUD']],
    [
      'of prepaid hours that were declared out of scope counts once',
      [time()],
      { ...prepaid(minutes(600)), tickets: new Map([['T-1', outOfScope]]) },
      voids(),
      ['T-1 150.00 AUD'],
    ],
    [
      'of prepaid hours that overage takes in its place is what the block covers less',
      [time(), time({ workItemId: 'w-2', position: 2 })],
      prepaid(minutes(60)),
      voids(),
      ['T-1 150.00 AUD'],
    ],
    [
      'of what was written off is nothing',
      [time()],
      { writtenOff: asWrittenOff(rateExplained(facts([time()])).items) },
      voids(),
      [],
    ],
    [
      'of what was given for nothing is nothing',
      [time({ courtesy: { amount: aud('150.00'), isAll: true, reason: '', grantedBy: 'acc-1', eventId: 'ev-c' } })],
      {},
      voids(),
      [],
    ],
    [
      'of work below a minimum commitment is the work: the minimum may be ended from tomorrow on',
      [time()],
      under({ minimumCommitment: minimumOf('500.00') }),
      voids(),
      ['T-1 150.00 AUD'],
    ],
    [
      'of more work below it is nothing, though less lacks',
      [time()],
      under({ minimumCommitment: minimumOf('500.00') }),
      corrects({ minutes: 90 }),
      [],
    ],
    [
      'of no charge is the whole ticket',
      [time(), material()],
      {},
      told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' }),
      ['T-1 195.00 AUD'],
    ],
    [
      'of a category that a rule includes is the work',
      [time()],
      under({}, [
        { id: 'in', name: 'In', match: { categories: ['network'] }, outcome: 'included' },
        ...covering('billable'),
      ]),
      told('TicketReclassified', { ...ticketFacts(), category: 'network', reason: 'seen' }),
      ['T-1 150.00 AUD'],
    ],
    [
      'of a scope decision is the gap that it ends',
      [time()],
      { ...under({}, covering('included')), tickets: new Map([['T-1', outOfScope]]) },
      told('ScopeClassified', { scope: 'in-contract', reason: 'agreed', classifiedBy: 'ops-1' }),
      ['T-1 150.00 AUD'],
    ],
    [
      'of a lower price is the difference',
      [time()],
      {},
      told('TimeEntryPriceOverridden', { timeEntryId: 'w-1', pricePerHour: aud('40.00'), reason: 'agreed' }),
      ['T-1 110.00 AUD'],
    ],
  ])('%s', (_case, work, account, event, expected) => {
    expect(of(work, account, event)).toEqual(expected);
  });

  it('is nothing where it is asked in another month, or of another client', () => {
    const march = facts([time()]);
    const april = facts([], { period: '2026-04', tickets: new Map() });
    const other = facts([], {
      clientId: 'cli-2',
      tickets: new Map(),
      contracts: [contractFacts({ contractId: 'con-2', clientId: 'cli-2' })],
    });
    expect(shown([march, april], [corrects({ workDate: '2026-04-02' })])).toEqual([]);
    const moves = told('TicketReclassified', { ...ticketFacts(), clientId: 'cli-2', reason: 'theirs' });
    expect(shown([march, other], [moves])).toEqual([]);
    expect(shown([march], [corrects({ workDate: '2026-04-02' })])).toEqual(['T-1 150.00 AUD']);
    const places = placesAfter([march], { ticketId: 'T-1', events: [moves, corrects({ workDate: '2026-04-02' })] });
    expect(places.map(({ clientId, period }) => `${clientId} ${period}`)).toEqual([
      'cli-1 2026-03',
      'cli-1 2026-04',
      'cli-2 2026-03',
      'cli-2 2026-04',
    ]);
  });

  it('is what is moved onto an allotment, or onto a block that expires or was sold for less', () => {
    const onto = (account: Account) => {
      const april = facts([], { ...account, period: '2026-04', tickets: new Map() });
      return shown([facts([time()]), april], [corrects({ workDate: '2026-04-02' })]);
    };
    const monthly = { prepaid: { allotment: allotment() } };
    expect(onto(under(monthly, covering('prepaid')))).toEqual(['T-1 150.00 AUD']);
    const sold = (net: string) => ({ net: aud(net), taxCategory: 'GST' });
    const blocks = (price: string | null, expiresOn: string | null = null): Account => ({
      contracts: [
        contractFacts({
          terms: terms({}, covering('prepaid')),
          blocks: [block('b', minutes(600), { expiresOn, price: price === null ? null : sold(price) })],
        }),
      ],
    });
    expect(onto(blocks('1500.00', '2026-04-30'))).toEqual(['T-1 150.00 AUD']);
    expect(onto(blocks('1500.00'))).toEqual([]);
    expect(onto(blocks('1800.00'))).toEqual([]);
    expect(onto(blocks('1000.00'))).toEqual(['T-1 50.00 AUD']);
    expect(onto(blocks('0.01'))).toEqual(['T-1 150.00 AUD']);
    expect(onto(blocks(null))).toEqual(['T-1 150.00 AUD']);
    expect(onto(under({}, covering('included')))).toEqual(['T-1 150.00 AUD']);
  });

  it('counts once what other work draws of an allotment in its place', () => {
    const works = [time(), time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 })];
    const monthly = under({ prepaid: { allotment: allotment({ base: minutes(60) }) } }, covering('prepaid'));
    expect(of(works, monthly, voids())).toEqual(['T-1 150.00 AUD']);
    const both = under({ prepaid: { allotment: allotment() } }, covering('prepaid'));
    expect(of(works, both, voids())).toEqual(['T-1 150.00 AUD']);
    expect(of(works, both, corrects({ minutes: 90 }))).toEqual([]);
  });

  it('is the assumed price of a ticket that has no client', () => {
    const tickets = new Map([['T-1', ticketFacts({ clientId: OF_NO_CLIENT })]]);
    const none = facts([time()], { clientId: OF_NO_CLIENT, contracts: [], tickets });
    expect(shown([none], [voids()])).toEqual(['T-1 150.00 AUD']);
    const theirs = facts([], { tickets: new Map() });
    expect(shown([none, theirs], [told('TicketReclassified', { ...ticketFacts(), reason: null })])).toEqual([]);
  });

  it('is of the ticket that loses it, less what another is asked in its place', () => {
    const works = [time(), time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 })];
    const caps = [{ id: 'cap', name: 'Month', scope: 'period', amount: '200.00', above: 'write-down' }] as const;
    // 150.00 and 50.00 of 150.00 are asked; then 150.00.
    expect(of(works, under({ caps }), voids())).toEqual(['T-1 50.00 AUD']);
  });

  it('looks at what is held alone', () => {
    const periods = [facts([time(), time({ workItemId: 'w-2', position: 2, approval: 'unapproved' })])];
    const then = supposedPeriods(periods, {
      ticketId: 'T-1',
      events: [told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' })],
    });
    const [less] = askedLess(periods, then, ({ workItemId }) => workItemId === 'w-1');
    expect(less?.money?.toString()).toBe('150.00 AUD');
  });

  it('changes the work of its own ticket alone, and that which was merged into it', () => {
    const works = [time(), time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 })];
    const apart = facts(works);
    const [after] = supposedPeriods([apart], {
      ticketId: 'T-1',
      events: [told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' })],
    });
    expect([...(after?.tickets.values() ?? [])].map(({ noCharge }) => noCharge !== null)).toEqual([true, false]);
    const merged = facts(works, {
      tickets: new Map([
        ['T-1', ticketFacts()],
        ['T-2', ticketFacts()],
      ]),
    });
    expect(shown([merged], [told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' })])).toEqual([
      'T-1 150.00 AUD',
      'T-2 150.00 AUD',
    ]);
  });

  it('counts what a cap holds back as its gap tells, and no gap of work that is covered', () => {
    const caps = [{ id: 'cap', name: 'Month', scope: 'period', amount: '200.00', above: 'gap' }] as const;
    const works = [time(), time({ workItemId: 'w-2', position: 2 })];
    // 150.00 and 50.00 are asked, and 100.00 are a gap.
    expect(of(works, under({ caps }), voids('w-2'))).toEqual(['T-1 150.00 AUD']);
    const unapproved = time({ approval: 'unapproved' });
    expect(of([unapproved], under({}, covering('included')), voids())).toEqual([]);
    expect(of([unapproved], {}, voids())).toEqual(['T-1 150.00 AUD']);
  });

  it('counts a gap by the work that it is of, where not all is held', () => {
    const works = [time(), time({ workItemId: 'w-2', position: 2 })];
    const events = [told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' })];
    const periods = [facts(works, withoutPrice)];
    const less = askedLess(
      periods,
      supposedPeriods(periods, { ticketId: 'T-1', events }),
      ({ workItemId }) => workItemId === 'w-2',
    );
    expect(less.map(({ money: one }) => one?.toString())).toEqual(['150.00 AUD']);
  });

  it('asks no fixed price anew for what the ticket has in another month', () => {
    const at = {
      ...covering('included', { incident: { price: '45.00', taxCategory: 'GST' } })[0],
      match: { kinds: ['time'] },
    };
    const priced = under({}, [at as CoverageRule, { id: 'goods', name: 'Goods', match: {}, outcome: 'billable' }]);
    const february = time({ workItemId: 'w-0', workDate: '2026-02-10' });
    const works = [time({ position: 2 }), expense({ workItemId: 'x-1', ticketId: 'T-1', position: 3 })];
    const incidents = { work: [february], settled: [], asked: [] };
    const { items } = rateExplained(facts(works, { ...priced, incidents }));
    const item = items.find(({ workItemId }) => workItemId === 'x-1');
    const gone = told('ExpenseVoided', { expenseId: 'x-1', reason: 'paid twice' });
    expect(of(works, { ...priced, incidents }, gone)).toEqual([`T-1 ${item?.net?.amount} AUD`]);
  });

  it('leaves alone what a ticket left with the client that it was of before it was merged', () => {
    const tickets = new Map([
      ['T-1', ticketFacts()],
      ['T-2', ticketFacts({ ticketId: 'T-2' })],
    ]);
    const works = [time(), time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 })];
    const incidents = { work: [], settled: [], asked: [] };
    const before = { clientId: 'cli-0', contracts: [], tickets, incidents, writtenOff: [] };
    const periods = [facts(works, { tickets, incidents }), facts([], before)];
    expect(shown(periods, [told('TicketMerged', { into: 'T-1', reason: 'one outage' })], 'T-2')).toEqual([]);
  });

  it('is asked for no minimum that is raised above work of days that have passed, and for one that is lowered', () => {
    // From the 10th on: the hour of the 10th is in the minimum. From the 11th, which is today, it is not.
    const from = (day: string, amount: string) => {
      const { versions } = contractFacts();
      const raised = { ...terms(), minimumCommitment: minimumOf(amount) };
      const next = { versionNumber: 2, effectiveFrom: day, effectiveTo: null, terms: raised };
      return facts([time()], { contracts: [contractFacts({ versions: [...versions, next] })] });
    };
    const lessOf = (now: ClientPeriodFacts, fromToday: ClientPeriodFacts, then: ClientPeriodFacts) =>
      askedLessByTerms([{ now, underThem: () => then, fromToday: () => fromToday }]).map(({ money: one }) =>
        one?.toString(),
      );
    expect(lessOf(facts([time()]), from('2026-03-11', '150.00'), from('2026-03-10', '150.00'))).toEqual([]);
    const high = facts([time()], under({ minimumCommitment: minimumOf('500.00') }));
    const low = facts([time()], under({ minimumCommitment: minimumOf('200.00') }));
    expect(lessOf(high, high, low)).toEqual(['300.00 AUD']);
  });

  it('counts, under other terms, the open part of an entry that is partly invoiced', () => {
    const half = prepaid(minutes(30));
    const { items } = rateExplained(facts([time()], half));
    expect(items.map(({ itemId }) => itemId)).toEqual(['w-1@p1', 'w-1@p2']);
    const now = facts([time()], { ...half, invoiced: asInvoiced(items.slice(0, 1)) });
    const included = { contracts: [contractFacts({ terms: terms({}, covering('included')) })] };
    const less = askedLessByTerms([{ now, underThem: () => ({ ...now, ...included }) }]);
    expect(less.map(({ money: one }) => one?.toString())).toEqual(['75.00 AUD']);
    const neverAsked = () => {
      throw new Error('a month that is invoiced is not looked at');
    };
    const all = { ...now, invoiced: asInvoiced(items) };
    expect(askedLessByTerms([{ now: all, underThem: neverAsked }])).toEqual([]);
  });

  it('counts what draws on a free block or an allotment in place of a paid one, under other terms', () => {
    const sold = (net: string) => ({ net: aud(net), taxCategory: 'GST' });
    const paid = block('b', minutes(600), { purchasedOn: '2026-01-05', price: sold('1500.00') });
    const onBlocks = (blocks: readonly ReturnType<typeof block>[], prepaidTerms: Partial<ContractTerms> = {}) =>
      facts([time()], {
        contracts: [contractFacts({ terms: { ...terms({}, covering('prepaid')), ...prepaidTerms }, blocks })],
      });
    const now = onBlocks([paid]);
    const takenBy = (then: ClientPeriodFacts) =>
      askedLessByTerms([{ now, underThem: () => then }]).map(({ money: one }) => one?.toString());
    const earlier = (price: string | null) =>
      block('a', minutes(600), {
        purchasedOn: '2026-01-01',
        expiresOn: '2026-12-31',
        price: price === null ? null : sold(price),
      });
    expect(takenBy(onBlocks([earlier(null), paid]))).toEqual(['150.00 AUD']);
    expect(takenBy(onBlocks([paid], { prepaid: { allotment: allotment() } }))).toEqual(['150.00 AUD']);
    expect(takenBy(onBlocks([block('z', minutes(600), { purchasedOn: '2026-03-31' }), paid]))).toEqual([]);
    expect(takenBy(now)).toEqual([]);
    // Its price is asked in the month of its purchase, and takes the place of what is drawn.
    const inMarch = (price: string) => ({ ...earlier(price), purchasedOn: '2026-03-01' });
    expect(takenBy(onBlocks([inMarch('150.00'), paid]))).toEqual([]);
    expect(takenBy(onBlocks([inMarch('50.00'), paid]))).toEqual(['100.00 AUD']);
  });
});
