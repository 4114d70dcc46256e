import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';
import { OMAR, PRIYA } from './people.js';

const CARD = { labour: [{ pricePerHour: '150.00' }] };
const HOURS = [{ opens: '08:00', closes: '17:00' }];
const WEEK = { monday: HOURS, tuesday: HOURS, wednesday: HOURS, thursday: HOURS, friday: HOURS };

/** Terms as people write them. */
type Written = Readonly<Record<string, unknown>>;

const fee = (price: string, more: Written = {}): Written => ({ name: 'Fee', price, ...more });
const fees = (...recurringCharges: readonly Written[]): Written => ({ recurringCharges });
const perUser = (price: string, more: Written = {}): Written =>
  fees({ name: 'Seats', basis: 'per-user', countOf: 'user', price, ...more });

/** Further inputs of the kinds that docs/cases.md lists, each with its value by hand. */
describe('further cases of each kind', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  async function client(day: string, from: string, terms: Written, timeZone = 'Australia/Sydney'): Promise<void> {
    msp = await Msp.opens(day);
    await msp.send(contracts.RegisterClient, {
      clientId: 'acme',
      name: 'Acme',
      currency: 'AUD',
      timeZone,
      taxExemption: null,
    });
    const filled = { taxCategory: 'GST', rateCard: CARD, ...terms };
    await msp.send(contracts.ActivateContract, {
      contractId: 'k',
      clientId: 'acme',
      name: 'K',
      priority: 1,
      effectiveFrom: from,
      terms: filled,
    });
  }
  const version = (from: string, terms: Written): Promise<void> =>
    msp.send(contracts.PublishContractVersion, {
      contractId: 'k',
      effectiveFrom: from,
      terms: { taxCategory: 'GST', rateCard: CARD, ...terms },
    });
  const ends = (lastDay: string): Promise<void> =>
    msp.send(contracts.TerminateContract, { contractId: 'k', lastDay, reason: 'gave notice' });
  const counts = (count: number, from: string): Promise<void> =>
    msp.send(contracts.RecordCount, { contractId: 'k', countOf: 'user', count, from }, { actor: OMAR });
  async function charges(): Promise<readonly string[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'acme' });
    return items
      .filter(({ disposition }) => disposition === 'billable')
      .map(({ period, net }) => `${period} ${net.amount}`);
  }

  it.each<[string, Written, string, Written, readonly string[]]>([
    [
      '10 % off from the 16th: 3,100.00 x 16/31 x 10 %',
      {},
      '2026-03-16',
      {
        discounts: [
          { name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum', includesRecurring: true },
        ],
      },
      ['-160.00'],
    ],
    [
      'an amount off',
      {},
      '2026-03-01',
      {
        discounts: [
          { name: 'Off', kind: 'amount', amount: '100.00', order: 'before-minimum', includesRecurring: true },
        ],
      },
      ['-100.00'],
    ],
    [
      'a second fee from the 10th: 310.00 x 22/31',
      {},
      '2026-03-10',
      fees(fee('3100.00'), { name: 'Backup', price: '310.00' }),
      ['220.00'],
    ],
    [
      'another fee in its place from the 10th: 3,100.00 x 22/31 back, and asked',
      {},
      '2026-03-10',
      fees({ name: 'Managed', price: '3100.00' }),
      ['-2200.00', '2200.00'],
    ],
    [
      'another tax category: all back, and asked',
      {},
      '2026-03-01',
      fees(fee('3100.00', { taxCategory: 'GST-FREE' })),
      ['-3100.00', '3100.00'],
    ],
  ])('K1, a fee of 3,100.00 that is invoiced, then %s', async (_, first, from, then, expected) => {
    await client('2026-03-02', '2026-03-01', { ...fees(fee('3100.00')), ...first });
    await msp.bills('I1', 'acme', '2026-03');
    await version(from, { ...fees(fee('3100.00')), ...then });
    expect([...(await charges())].sort()).toEqual(expected.map((net) => `2026-03 ${net}`));
  });

  it('K1, twelve seats of 20.00 that cost 22.00 from the 10th: 12 x 2.00 x 22/31', async () => {
    await client('2026-03-02', '2026-03-01', perUser('20.00'));
    await counts(12, '2026-03-01');
    await msp.bills('I1', 'acme', '2026-03');
    await version('2026-03-10', perUser('22.00'));
    expect(await charges()).toEqual(['2026-03 17.03']);
  });

  it('K1, a fee by the year that is dropped from 1 July: 1,200.00 x 184/365', async () => {
    await client('2026-01-02', '2026-01-01', fees(fee('1200.00', { everyMonths: 12 })));
    await msp.bills('I1', 'acme', '2026-01');
    await version('2026-07-01', {});
    expect(await charges()).toEqual(['2026-01 -604.93']);
  });

  it.each([
    ['a multiplier of the work type', 'onsite', '225.00'],
    ['no multiplier', 'remote', '150.00'],
  ])('K3, overage that no one stated has %s', async (_, workType, expected) => {
    const rateCard = { ...CARD, workTypes: [{ workType: 'onsite', mode: 'multiplier', multiplier: '1.5' }] };
    await client('2026-03-12', '2026-03-01', {
      coverage: [{ name: 'All', outcome: 'prepaid' }],
      prepaid: {},
      rateCard,
    });
    const ticket = await msp.ticket('T1', 'acme');
    await ticket.time('W1', 60, '2026-03-11', { type: workType });
    expect(await msp.items('acme', '2026-03')).toEqual([`W1 billable 1 h ${expected} AUD`]);
  });

  it('K4, 16:40 to 17:05 are 30 min shared 24 + 6; 07:50 to 17:10 are 570 shared 10 + 550 + 10', async () => {
    const rateCard = {
      ...CARD,
      minimumMinutes: 30,
      incrementMinutes: 15,
      rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }],
    };
    await client('2026-03-12', '2026-03-01', { rateCard, rateCalendar: { hours: WEEK, holidays: [] } });
    const ticket = await msp.ticket('T1', 'acme');
    await ticket.time('W1', 25, '2026-03-02', {
      from: '2026-03-02T16:40:00+11:00',
      until: '2026-03-02T17:05:00+11:00',
    });
    await ticket.time('W2', 560, '2026-03-03', {
      from: '2026-03-03T07:50:00+11:00',
      until: '2026-03-03T17:10:00+11:00',
    });
    expect(await msp.items('acme', '2026-03')).toEqual([
      'W1@p1 billable 0.4 h 60.00 AUD',
      'W1@p2 billable 0.1 h 22.50 AUD',
      'W2@p1 billable 0.166667 h 37.50 AUD',
      'W2@p2 billable 9.166667 h 1375.00 AUD',
      'W2@p3 billable 0.166667 h 37.50 AUD',
    ]);
  });

  it.each<[string, Written, string, string, readonly string[]]>([
    [
      'a quarter in arrears, to 10 May: 910.00 x 40/91',
      fees(fee('910.00', { everyMonths: 3, billed: 'in-arrears' })),
      '2026-04-01',
      '2026-05-10',
      ['2026-05 400.00'],
    ],
    [
      'a month in arrears, to 3 May: 310.00 x 3/31',
      fees(fee('310.00', { billed: 'in-arrears' })),
      '2026-05-01',
      '2026-05-03',
      ['2026-05 30.00'],
    ],
  ])('K16, what is owed by a client who left: %s', async (_, terms, from, lastDay, expected) => {
    await client('2026-05-12', from, terms);
    await ends(lastDay);
    expect(await charges()).toEqual(expected);
    await msp.bills('I1', 'acme', '2026-05');
    expect(await charges()).toEqual([]);
  });

  it('K16, three seats of 365.00 a year in arrears, to 30 April: 3 x 120.00', async () => {
    await client('2026-05-02', '2026-01-01', perUser('365.00', { everyMonths: 12, billed: 'in-arrears' }));
    await counts(3, '2026-01-01');
    await ends('2026-04-30');
    expect(await charges()).toEqual(['2026-04 360.00']);
  });

  it('K20, labour of two roles, goods and a receipt out of scope: 600.00 + 95.00 + 199.90 + 14.00', async () => {
    const rateCard = {
      labour: [{ pricePerHour: '150.00' }, { engineerRole: 'senior', pricePerHour: '190.00' }],
      minimumMinutes: 30,
      incrementMinutes: 15,
    };
    await client('2026-03-02', '2026-03-01', { coverage: [{ name: 'All', outcome: 'included' }], rateCard });
    const ticket = await msp.ticket('T1', 'acme');
    await ticket.time('W1', 240, '2026-03-02');
    await ticket.time('W2', 10, '2026-03-02', { role: 'senior' });
    await ticket.uses('M1', '2', '99.95', '2026-03-02');
    await ticket.spends('E1', 'Parking', '14.00', '2026-03-02');
    await ticket.resolves('listed', 'out-of-scope');
    expect(await msp.gaps()).toEqual(['scope-suspected: 908.90 AUD']);
    await ticket.isClassified('out-of-scope');
    expect((await msp.bills('I1', 'acme', '2026-03')).at(-1)).toBe('908.90 + 90.89 = 999.79 AUD');
  });

  it('K21, a term to 29 February renews to the last day of each February', async () => {
    msp = await Msp.opens('2028-02-28');
    await msp.send(contracts.RegisterClient, {
      clientId: 'acme',
      name: 'Acme',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
      taxExemption: null,
    });
    const terms = {
      taxCategory: 'GST',
      rateCard: CARD,
      ...fees(fee('100.00')),
      renewal: { automatic: true, months: 12, noticeDays: 30 },
    };
    await msp.send(contracts.ActivateContract, {
      contractId: 'k',
      clientId: 'acme',
      name: 'K',
      priority: 1,
      effectiveFrom: '2027-03-01',
      effectiveTo: '2028-02-29',
      terms,
    });
    await msp.days(4 * 366);
    const renewals = (await msp.house.events()).filter(({ type }) => type === 'ContractRenewed');
    expect(renewals.map(({ data }) => (data as { effectiveTo: string }).effectiveTo)).toEqual([
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
      '2033-02-28',
    ]);
  });

  it('K22, half years and quarters from the 31st: 31 January, 30 April, 31 July', async () => {
    const half = { name: 'Half', price: '600.00', everyMonths: 6, cycleAnchor: 'contract-day' };
    const quarter = { name: 'Quarter', price: '300.00', everyMonths: 3, cycleAnchor: 'contract-day' };
    await client('2026-08-20', '2026-01-31', fees(half, quarter));
    expect([...(await charges())].sort()).toEqual([
      '2026-01 300.00',
      '2026-01 600.00',
      '2026-04 300.00',
      '2026-07 300.00',
      '2026-07 600.00',
    ]);
  });

  it('K24, a margin of 25 % on 30.00 net is 40.00; two days at most 60.00 each with it 160.00; 137 km at 0.88', async () => {
    const types = [
      { type: 'km', pricePerUnit: '0.88' },
      { type: 'meals', capPerUnit: '60.00' },
    ];
    await client('2026-06-25', '2026-06-01', { rateCard: { ...CARD, expenses: { marginPercent: '25', types } } });
    await msp.ticket('T1', 'acme');
    const aud = (amount: string) => ({ amount, currency: 'AUD' });
    const spent = (expenseId: string, more: Written) =>
      msp.send(
        tickets.RecordExpense,
        { ticketId: 'T1', expenseId, description: expenseId, workDate: '2026-06-20', ...more },
        { actor: PRIYA },
      );
    await spent('E1', { cost: aud('33.00'), taxIncluded: aud('3.00') });
    await spent('E2', {
      cost: aud('165.00'),
      taxIncluded: aud('15.00'),
      expenseType: 'meals',
      quantity: '2',
      unit: 'day',
    });
    await spent('E3', { cost: aud('50.00'), expenseType: 'km', quantity: '137', unit: 'km' });
    expect(await msp.items('acme', '2026-06')).toEqual([
      'E1 billable 1 expense 40.00 AUD',
      'E2 billable 2 day 160.00 AUD',
      'E3 billable 137 km 120.56 AUD',
    ]);
  });

  it('K26, a holiday from 9 to 12 in a day of work, and one that ends at midnight', async () => {
    const holidays = [
      { date: '2026-12-22', name: 'Morning', from: '09:00', to: '12:00' },
      { date: '2026-12-24', name: 'Eve', from: '18:00' },
    ];
    const rateClassMultipliers = [
      { rateClass: 'after-hours', multiplier: '1.5' },
      { rateClass: 'holiday', multiplier: '2.5' },
    ];
    await client(
      '2026-12-29',
      '2026-12-01',
      { rateCard: { ...CARD, rateClassMultipliers }, rateCalendar: { hours: WEEK, holidays } },
      'Australia/Brisbane',
    );
    const ticket = await msp.ticket('T1', 'acme');
    await ticket.time('W1', 360, '2026-12-22', {
      from: '2026-12-22T07:00:00+10:00',
      until: '2026-12-22T13:00:00+10:00',
    });
    await ticket.time('W2', 120, '2026-12-24', {
      from: '2026-12-24T23:00:00+10:00',
      until: '2026-12-25T01:00:00+10:00',
    });
    const nets = (await msp.items('acme', '2026-12')).map((line) => line.split(' ').slice(2, 5).join(' '));
    expect(nets).toEqual(['1 h 225.00', '1 h 150.00', '3 h 1125.00', '1 h 150.00', '1 h 375.00', '1 h 225.00']);
  });

  it.each([
    ['daily', ['145.16', '201.29']],
    ['whole-period', ['390.00']],
    ['next-period', ['300.00']],
    ['thirtieths', ['150.00', '195.00']],
  ])('K28, ten seats of 30.00 and three more from 16 October, %s', async (increases, expected) => {
    await client('2026-10-02', '2026-10-01', perUser('30.00', { proration: { increases } }));
    await counts(10, '2026-10-01');
    await counts(13, '2026-10-16');
    const october = (await charges()).filter((line) => line.startsWith('2026-10'));
    expect(october).toEqual(expected.map((net) => `2026-10 ${net}`));
  });

  it('K29, what is included, flat, cut by a cap after 49 of 60 min, and above it keeps what the card says', async () => {
    await client('2026-03-12', '2026-03-01', {
      coverage: [
        { name: 'Remote', match: { workTypes: ['remote'] }, outcome: 'included' },
        { name: 'Rest', outcome: 'billable' },
      ],
      rateCard: { ...CARD, workTypes: [{ workType: 'visit', mode: 'flat', price: '99.00', per: 'entry' }] },
      discounts: [{ name: 'Off', kind: 'percent', percent: '10', order: 'before-minimum' }],
      caps: [{ name: 'Most', scope: 'ticket', amount: '200.00', above: 'gap' }],
    });
    const ticket = await msp.ticket('T1', 'acme');
    await ticket.time('W1', 30, '2026-03-11');
    await ticket.time('W2', 30, '2026-03-11', { type: 'visit' });
    await ticket.time('W3', 60, '2026-03-11', { type: 'onsite' });
    await ticket.uses('M1', '1', '45.00', '2026-03-11');
    await msp.house.settle();
    const items = await msp.house.billtrail.models.billableItems.ofPeriod('acme', '2026-03');
    expect(
      items.map(({ itemId, net, standardValue }) => `${itemId} ${net?.amount ?? '-'} of ${standardValue?.amount}`),
    ).toEqual(['M1 - of 45.00', 'W1 0.00 of 75.00', 'W2 89.10 of 99.00', 'W3@p1 110.90 of 122.50', 'W3@p2 - of 27.50']);
  });
});
