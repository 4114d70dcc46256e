import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import type { ExplainedItem } from './item/billable-item.js';
import {
  ALL_BILLABLE,
  contractFacts,
  expense,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from './testing/facts.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { ContractFacts, TicketFacts, WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';
import { versionOn } from './rating/coverage/step-1-contract.js';

function rated(work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): ExplainedItem {
  return only(rate(facts([work], changes)).items);
}

function onTicket(changes: Partial<TicketFacts>): Partial<ClientPeriodFacts> {
  return { tickets: new Map([['T-1', ticketFacts(changes)]]) };
}

function reasonOf(item: ExplainedItem): unknown {
  expect(item).toMatchObject({ disposition: 'unpriced', net: null, unitPrice: null });
  expect(item.basis.unpriced).toBe(item.unpriced?.reason);
  expect(item.trace.at(-1)).toMatchObject({ text: item.unpriced?.cause, facts: { unpriced: item.unpriced?.reason } });
  return item.unpriced?.reason;
}

const version = (versionNumber: number, effectiveFrom: string, effectiveTo: string | null = null) => ({
  versionNumber,
  effectiveFrom,
  effectiveTo,
  terms: terms(),
});

describe('step 1, contract', () => {
  it('takes the lowest priority in force on the work date', () => {
    const contracts = [
      contractFacts({ contractId: 'con-2', priority: 20 }),
      contractFacts({ contractId: 'con-1', priority: 10 }),
    ];
    const item = rated(time(), { contracts });
    expect(item).toMatchObject({ contractId: 'con-1', contractVersion: 1 });
    expect(item.trace[1]).toMatchObject({
      step: 'contract',
      text: 'contract Support (con-1), version 1 in force on 2026-03-10: priority 10 of 2 in force',
      facts: { chosenBy: 'priority', inForce: ['con-1 version 1 priority 10', 'con-2 version 1 priority 20'] },
    });
  });

  it('takes the contract named on the ticket, whatever its priority', () => {
    const contracts = [
      contractFacts({ contractId: 'con-2', priority: 20 }),
      contractFacts({ contractId: 'con-1', priority: 10 }),
    ];
    const item = rated(time(), { contracts, ...onTicket({ contractId: 'con-2' }) });
    expect(item).toMatchObject({ contractId: 'con-2' });
    expect(item.trace[1]?.facts['chosenBy']).toBe('ticket');
  });

  it.each([
    ['no-contract', [], null],
    ['no-contract', [contractFacts({ lastDay: '2026-03-09' })], null],
    ['no-contract', [contractFacts({ clientId: 'cli-2' })], null],
    [
      'contract-not-in-force',
      [contractFacts({ lastDay: '2026-03-09' }), contractFacts({ contractId: 'con-2' })],
      'con-1',
    ],
    ['contract-of-another-client', [contractFacts({ clientId: 'cli-2' })], 'con-1'],
    ['contracts-match-equally', [contractFacts(), contractFacts({ contractId: 'con-2' })], null],
  ] as const)('is without a price: %s', (reason, contracts, contractId) => {
    const changes = { contracts, ...onTicket({ contractId }) };
    expect(reasonOf(rated(time(), changes))).toBe(reason);
    const gap = only(rate(facts([time()], changes)).gaps);
    expect(gap).toMatchObject({
      kind: 'unpriced',
      workItemId: 'w-1',
      ticketId: 'T-1',
      period: '2026-03',
      sourceEventIds: ['ev-w-1'],
    });
  });

  it('does not mind equals behind the contract that decides', () => {
    const contracts = [
      contractFacts(),
      contractFacts({ contractId: 'con-2', priority: 20 }),
      contractFacts({ contractId: 'con-3', priority: 20 }),
    ];
    expect(rated(time(), { contracts })).toMatchObject({ disposition: 'billable', contractId: 'con-1' });
  });

  it.each<[string, Partial<ContractFacts>, string, number | null]>([
    ['before its first day', { versions: [version(1, '2026-03-11')] }, '2026-03-10', null],
    ['on its first day', { versions: [version(1, '2026-03-10')] }, '2026-03-10', 1],
    ['on its last day', { versions: [version(1, '2026-03-01', '2026-03-10')] }, '2026-03-10', 1],
    ['after its last day', { versions: [version(1, '2026-03-01', '2026-03-09')] }, '2026-03-10', null],
    ['the day before the next', { versions: [version(1, '2026-03-01'), version(2, '2026-03-11')] }, '2026-03-10', 1],
    ['on the day of the next', { versions: [version(1, '2026-03-01'), version(2, '2026-03-10')] }, '2026-03-10', 2],
    [
      'of two for one day the later published',
      { versions: [version(1, '2026-03-01'), version(2, '2026-03-01')] },
      '2026-03-10',
      2,
    ],
    [
      'back-dated between two',
      { versions: [version(1, '2026-01-01'), version(2, '2026-03-01'), version(3, '2026-02-01')] },
      '2026-02-10',
      3,
    ],
    [
      'a back-dated one ends where the next starts',
      { versions: [version(1, '2026-01-01'), version(2, '2026-03-01'), version(3, '2026-02-01')] },
      '2026-03-10',
      2,
    ],
    [
      'on the last day of the contract',
      { lastDay: '2026-03-10', versions: [version(1, '2026-03-01')] },
      '2026-03-10',
      1,
    ],
    [
      'after the last day of the contract',
      { lastDay: '2026-03-09', versions: [version(1, '2026-03-01')] },
      '2026-03-10',
      null,
    ],
  ])('version in force: %s', (_case, contract, day, expected) => {
    expect(versionOn(contractFacts(contract), day)?.versionNumber ?? null).toBe(expected);
  });
});

describe('step 3, coverage', () => {
  const included: CoverageRule = {
    id: 'inc',
    name: 'Remote work',
    match: { workTypes: ['remote'] },
    outcome: 'included',
  };
  const excluded: CoverageRule = {
    id: 'exc',
    name: 'No projects',
    match: { workTypes: ['remote'] },
    outcome: 'excluded',
  };

  it('the first rule that matches wins, and the trace names every rule tried', () => {
    const other: CoverageRule = { id: 'net', name: 'Network', match: { categories: ['network'] }, outcome: 'billable' };
    const item = rated(time(), { contracts: [contractFacts({ terms: terms({}, [other, included, ALL_BILLABLE]) })] });
    expect(item).toMatchObject({
      disposition: 'covered',
      net: { amount: '0.00', currency: 'AUD' },
      actualMinutes: 60,
      billableMinutes: 0,
      quantity: '1',
    });
    expect(item.trace[2]).toMatchObject({
      step: 'coverage',
      facts: { ruleId: 'inc', outcome: 'included', tried: ['net: not its categories', 'inc: taken'] },
    });
  });

  it('excluded goes on to the next contract in the chain', () => {
    const contracts = [
      contractFacts({ terms: terms({}, [excluded]) }),
      contractFacts({
        contractId: 'con-2',
        priority: 20,
        terms: terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '90' }] }),
      }),
    ];
    const item = rated(time(), { contracts });
    expect(item).toMatchObject({ disposition: 'billable', contractId: 'con-2', net: { amount: '90.00' } });
    expect(item.trace.map((step) => step.step)).toEqual([
      'work',
      'contract',
      'coverage',
      'contract',
      'coverage',
      'billable-time',
      'rate',
      'amount',
    ]);
  });

  it('is without a price where every contract excludes it, where equals follow, and where no rule matches', () => {
    const excluding = contractFacts({ terms: terms({}, [excluded]) });
    const equals = [
      contractFacts({ contractId: 'con-2', priority: 20 }),
      contractFacts({ contractId: 'con-3', priority: 20 }),
    ];
    const unmatched = contractFacts({ terms: terms({}, [{ ...included, match: { workTypes: ['onsite'] } }]) });
    expect(reasonOf(rated(time(), { contracts: [excluding] }))).toBe('excluded');
    expect(reasonOf(rated(time(), { contracts: [excluding, ...equals] }))).toBe('contracts-match-equally');
    expect(reasonOf(rated(time(), { contracts: [unmatched] }))).toBe('no-coverage');
  });

  it('a no-charge declaration covers the work without a contract', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc' };
    const item = rated(time(), { contracts: [], ...onTicket({ noCharge }) });
    expect(item).toMatchObject({ disposition: 'covered', net: { amount: '0.00', currency: 'AUD' }, contractId: null });
    expect(item.trace[1]).toEqual({
      step: 'no-charge',
      text: 'declared no-charge: goodwill, our mistake',
      facts: noCharge,
    });
  });

  // Y11: what is declared free is what was there, or 1 minute that was declared free could become 1,200.
  it.each<[string, Partial<WorkItem>, string]>([
    ['covers work that was recorded before it', { position: 4 }, 'covered'],
    ['covers work that was corrected before it', { position: 1, correctedAt: 4 }, 'covered'],
    ['leaves work to be asked that was recorded after it', { position: 6 }, 'billable'],
    ['leaves work to be asked that was corrected after it', { position: 4, correctedAt: 6 }, 'billable'],
  ])('a no-charge declaration %s', (_case, when, disposition) => {
    const noCharge = { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc', position: 5 };
    const item = rated({ ...time(), ...when } as WorkItem, onTicket({ noCharge }));
    expect(item.disposition).toBe(disposition);
    expect(item.trace.some(({ step, facts: told }) => step === 'no-charge' && told['isFree'] === false)).toBe(
      disposition === 'billable',
    );
  });

  it('a no-charge declaration tells work of one ticket that is free from work that is not', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc', position: 5 };
    const work = [time({ position: 4 }), time({ workItemId: 'w-2', position: 6 })];
    expect(rate(facts(work, onTicket({ noCharge }))).items.map((item) => item.disposition)).toEqual([
      'covered',
      'billable',
    ]);
  });
});

describe('step 4, billable time', () => {
  const contracts = [
    contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' }) }),
  ];

  it('explains the share of an entry in its scope', () => {
    const work = [
      time({ workItemId: 'w-1', position: 1, minutes: 45 }),
      time({ workItemId: 'w-2', position: 2, minutes: 45 }),
    ];
    const [, second] = rate(facts(work, { contracts })).items;
    expect(second?.trace.find((step) => step.step === 'billable-time')).toEqual({
      step: 'billable-time',
      text: '45 min; with it 90 min on the ticket, minimum 60, increment 60 -> 120 min; 0 min are counted for other work, the rest is shared by minutes -> 60 min (1 h)',
      facts: {
        actualMinutes: 45,
        statedBillableMinutes: null,
        minimumMinutes: 60,
        incrementMinutes: 60,
        roundingScope: 'ticket',
        scopeMinutes: 90,
        scopeBillableMinutes: 120,
        countedMinutes: 0,
        billableMinutes: 60,
      },
    });
  });

  it('takes work by work date, then by position, not by id', () => {
    const work = [
      time({ workItemId: 'a', position: 9, minutes: 45 }),
      time({ workItemId: 'b', position: 8, minutes: 5 }),
      time({ workItemId: 'z', position: 10, minutes: 50, workDate: '2026-03-09' }),
    ];
    const { items } = rate(facts(work, { contracts }));
    expect(items.map((item) => [item.itemId, item.billableMinutes])).toEqual([
      ['z', 60],
      ['b', 6],
      ['a', 54],
    ]);
  });

  it('keeps the scopes of two tickets and two days apart', () => {
    const perDay = [
      contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket-day' }) }),
    ];
    const days = [
      time({ workItemId: 'a', minutes: 20 }),
      time({ workItemId: 'b', minutes: 20, workDate: '2026-03-11' }),
    ];
    expect(rate(facts(days, { contracts: perDay })).items.map((item) => item.billableMinutes)).toEqual([60, 60]);
    expect(rate(facts(days, { contracts })).items.map((item) => item.billableMinutes)).toEqual([30, 30]);
    const tickets = [time({ workItemId: 'a', minutes: 20 }), time({ workItemId: 'b', minutes: 20, ticketId: 'T-2' })];
    expect(rate(facts(tickets, { contracts })).items.map((item) => item.billableMinutes)).toEqual([60, 60]);
  });

  it('leaves included work out of the scope', () => {
    const rules: CoverageRule[] = [
      { id: 'inc', name: 'Onsite', match: { workTypes: ['onsite'] }, outcome: 'included' },
      ALL_BILLABLE,
    ];
    const mixed = [
      contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' }, rules) }),
    ];
    const work = [time({ workItemId: 'a', workType: 'onsite', minutes: 100 }), time({ workItemId: 'b', minutes: 50 })];
    expect(rate(facts(work, { contracts: mixed })).items.map((item) => item.billableMinutes)).toEqual([0, 60]);
  });

  it('a stated zero is zero: no minimum, a line of nothing', () => {
    expect(rated(time({ statedBillableMinutes: 0 }), { contracts })).toMatchObject({
      disposition: 'billable',
      billableMinutes: 0,
      net: { amount: '0.00' },
    });
  });
});

describe('step 5, rate, and step 8, amount', () => {
  const labour = [
    { workType: 'remote', engineerRole: null, pricePerHour: '150.00' },
    { workType: 'remote', engineerRole: 'senior', pricePerHour: '200.00' },
  ];
  const contracts = [contractFacts({ terms: terms({ labour }) })];

  it('the rate for the very role wins over the one for any role', () => {
    expect(rated(time({ engineerRole: 'senior' }), { contracts })).toMatchObject({
      unitPrice: { amount: '200.00' },
      net: { amount: '200.00' },
    });
    expect(rated(time({ engineerRole: 'engineer' }), { contracts })).toMatchObject({ unitPrice: { amount: '150.00' } });
    expect(reasonOf(rated(time({ workType: 'onsite' }), { contracts }))).toBe('no-rate');
  });

  it('rounds once, half away from zero, to the minor unit of the currency', () => {
    const at = (pricePerHour: string, currency: string) => [
      contractFacts({ terms: terms({ currency, labour: [{ workType: 'remote', engineerRole: null, pricePerHour }] }) }),
    ];
    const net = (minutes: number, price: string, currency: string) =>
      rated(time({ minutes }), { contracts: at(price, currency) }).net?.amount;
    expect(net(20, '100.00', 'AUD')).toBe('33.33');
    expect(net(1, '0.30', 'AUD')).toBe('0.01');
    expect(net(30, '9001', 'JPY')).toBe('4501');
    expect(net(20, '10', 'KWD')).toBe('3.333');
  });

  it('says in the trace how the amount came to be', () => {
    const { trace } = rated(time({ minutes: 20, workItemId: 'w-9' }), { contracts });
    expect(trace.at(-2)).toMatchObject({
      step: 'rate',
      text: '150.00 AUD an hour: rate card Standard (card-1), remote by any role',
    });
    expect(trace.at(-1)).toMatchObject({
      step: 'amount',
      text: '20 min (0.333333 h) x 150.00 = 50 -> 50.00 AUD',
      facts: { exact: '50', net: '50.00' },
    });
    expect(trace[0]).toMatchObject({ step: 'work', text: '20 min of remote by engineer on 2026-03-10' });
  });

  it('materials: quantity x list price, or cost with markup', () => {
    expect(rated(material())).toMatchObject({
      disposition: 'billable',
      quantity: '3',
      unit: 'piece',
      unitPrice: { amount: '15.00' },
      net: { amount: '45.00' },
      actualMinutes: null,
      billableMinutes: null,
    });
    const costPlus = [contractFacts({ terms: terms({ materials: { pricing: 'cost-plus', markupPercent: '12.5' } }) })];
    const item = rated(material({ quantity: '2.5', unitCost: { amount: '8.15', currency: 'AUD' } }), {
      contracts: costPlus,
    });
    expect(item).toMatchObject({ unitPrice: { amount: '9.16875' }, net: { amount: '22.92' } });
  });

  it('materials without a price, or in another currency, are never free', () => {
    const costPlus = [contractFacts({ terms: terms({ materials: { pricing: 'cost-plus', markupPercent: '10' } }) })];
    expect(reasonOf(rated(material({ listPrice: null })))).toBe('no-price');
    expect(reasonOf(rated(material({ unitCost: null }), { contracts: costPlus }))).toBe('no-price');
    expect(reasonOf(rated(material({ listPrice: { amount: '15.00', currency: 'USD' } })))).toBe('other-currency');
    expect(only(rate(facts([material({ listPrice: null })])).gaps)).toMatchObject({
      kind: 'unpriced',
      valueAtRisk: { money: { amount: '24.00' }, minutes: null },
    });
  });

  it('material under warranty is covered', () => {
    const item = rated(material({ underWarranty: true, serialNumber: 'SN-1' }));
    expect(item).toMatchObject({ disposition: 'covered', net: { amount: '0.00' }, quantity: '3' });
    expect(item.trace.at(-1)).toMatchObject({
      step: 'warranty',
      text: 'under warranty, serial number SN-1: no charge',
    });
  });

  it('expenses: cost with markup; another currency has no price', () => {
    expect(rated(expense())).toMatchObject({
      disposition: 'billable',
      quantity: '1',
      unit: 'expense',
      net: { amount: '22.00' },
    });
    const foreign = expense({ cost: { amount: '20.00', currency: 'EUR' } });
    expect(reasonOf(rated(foreign))).toBe('other-currency');
    expect(only(rate(facts([foreign])).gaps).valueAtRisk).toEqual({
      money: { amount: '20.00', currency: 'EUR' },
      minutes: null,
    });
  });

  it('unapproved time has its price and waits; claimed items name their draft', () => {
    expect(rated(time({ approval: 'unapproved' }))).toMatchObject({
      disposition: 'billable',
      approval: 'unapproved',
      net: { amount: '150.00' },
    });
    expect(rated(time(), { claimed: new Map([['w-1', 'inv-1']]) })).toMatchObject({
      disposition: 'claimed',
      invoiceId: 'inv-1',
    });
  });

  it('facts that contradict each other throw', () => {
    expect(() => rate(facts([time({ workDate: '2026-04-01' })]))).toThrow('is not work of 2026-03');
    expect(() => rate(facts([time()], { tickets: new Map() }))).toThrow('lack ticket T-1');
    expect(() => rate(facts([time()], onTicket({ clientId: 'cli-2' })))).toThrow('is of client cli-2');
  });
});
