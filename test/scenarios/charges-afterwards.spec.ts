import { type CommandClass, contractCommands as contracts, whatIfVersion } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { Msp, versionOf } from './msp.js';
import { ANNA } from './people.js';

function fee(price: string, more: Partial<RecurringCharge> = {}): Partial<ContractTerms> {
  const monthly: RecurringCharge = {
    id: 'fee',
    name: 'Fee',
    basis: 'fixed',
    price,
    billed: 'in-advance',
    taxCategory: 'GST',
  };
  return { recurringCharges: [{ ...monthly, ...more }] };
}

describe('a charge that changes after its invoice', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02', { secondPersonAbove: { amount: '10000.00', currency: 'AUD' } });
  });
  afterEach(() => msp.closes());

  /** The net of each charge of a month that is on no document. */
  async function open(period: string): Promise<readonly string[]> {
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', period);
    return charges.filter(({ disposition }) => disposition === 'billable').map(({ net }) => net.amount);
  }

  /** Ends the contract. Answers the warnings. */
  async function ends(lastDay: string): Promise<readonly string[]> {
    const input = { contractId: 'bluegum-1', lastDay, reason: 'gave notice' };
    const answer = await msp.house.send(contracts.TerminateContract, input, { actor: ANNA });
    if (isRefusal(answer)) throw new Error(answer.message);
    return (answer.warnings ?? []).map(({ code, message }) => `${code}: ${message}`);
  }

  it.each([
    ['a dearer fee', { from: '2026-03-10', besides: fee('3410.00') }, '220.00'],
    ['a cheaper fee', { from: '2026-03-01', besides: fee('2790.00') }, '-310.00'],
    ['a fee that is dropped', { from: '2026-03-10' }, '-2200.00'],
  ])('%s is billed or given back, and is a gap until then (K1)', async (_, version, difference) => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('3100.00') });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', version);
    expect(await open('2026-03')).toEqual([difference]);
    expect(await msp.gaps()).toEqual([`contract-mismatch: ${difference} AUD`]);
    // What is owed to the client waits for something that is above it.
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_440, '2026-03-02');
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await open('2026-03')).toEqual([]);
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('contract-mismatch')).toEqual(['billed']);
  });

  it('months that were invoiced one by one are asked for once where their quarter is billed at once, from the first of them (K19)', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('300.00') });
    for (const [invoiceId, period] of [
      ['I1', '2026-03'],
      ['I2', '2026-04'],
      ['I3', '2026-05'],
    ] as const) {
      await msp.bills(invoiceId, 'bluegum', period);
      await msp.days(31);
    }
    const quarterly = { from: '2026-03-01', besides: fee('900.00', { everyMonths: 3 }) };
    const supposed = async (period: string) => {
      const { terms } = versionOf(quarterly) as { terms: ContractTerms };
      const version = { contractId: 'bluegum-1', effectiveFrom: '2026-03-01', effectiveTo: null, terms };
      const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period, version });
      return isRefusal(answer) ? answer.code : answer.net.amount;
    };
    expect(await Promise.all(['2026-03', '2026-04', '2026-05'].map(supposed))).toEqual(['3.26', '-6.52', '3.26']);
    await msp.renegotiates('bluegum', quarterly);
    expect(await Promise.all(['2026-03', '2026-04', '2026-05'].map(open))).toEqual([['3.26'], ['-6.52'], ['3.26']]);
    expect(await open('2026-06')).toEqual(['900.00']);
  });

  /** All that is asked of the client from January to June, invoiced or not. */
  async function asked(): Promise<string> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum' });
    const own = items.filter(({ period }) => period <= '2026-06');
    return own.reduce((sum, { net }) => sum + Number(net.amount), 0).toFixed(2);
  }

  // Asked in advance for three months, 900.00: 15 January to 14 February is 31 of 90 days, 310.00; from 15 March on another three months begin, 900.00.
  it.each([false, true])(
    'a fee that is dropped and resumed begins its cycles anew, and no day is asked twice, invoiced before: %s (K19)',
    async (isInvoiced) => {
      const quarterly = fee('900.00', { everyMonths: 3, cycleAnchor: 'contract-day' });
      await msp.signs('bluegum', { from: '2026-01-15', besides: quarterly });
      if (isInvoiced) await msp.bills('I1', 'bluegum', '2026-01');
      await msp.renegotiates('bluegum', { from: '2026-02-15' });
      await msp.renegotiates('bluegum', { from: '2026-03-15', besides: quarterly });
      await msp.days(60);
      expect(await asked()).toBe('1210.00');
    },
  );

  // 900.00 from 25 January to 24 April, and 900.00 from 25 April on: the first invoice asked for 15 February to 14 May.
  it.each([false, true])(
    'a fee that begins on an earlier day by a later version is asked once for each day, invoiced before: %s (K19)',
    async (isInvoiced) => {
      const quarterly = fee('900.00', { everyMonths: 3, cycleAnchor: 'contract-day' });
      await msp.signs('bluegum', {});
      await msp.renegotiates('bluegum', { from: '2026-02-15', besides: quarterly });
      if (isInvoiced) await msp.bills('I1', 'bluegum', '2026-02');
      await msp.renegotiates('bluegum', { from: '2026-01-25', besides: quarterly });
      await msp.days(60);
      expect(await asked()).toBe('1800.00');
    },
  );

  it('what an end that is stated too early gives back of three invoices is told, and stated later it gives nothing back', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('3100.00') });
    for (const [invoiceId, period] of [
      ['I1', '2026-03'],
      ['I2', '2026-04'],
      ['I3', '2026-05'],
    ] as const) {
      await msp.bills(invoiceId, 'bluegum', period);
      await msp.days(31);
    }
    // 2,100.00 of March, from the 11th on, and all of April and May.
    expect(await ends('2026-03-10')).toEqual([
      'InvoicedAfterEnd: Contract bluegum-1 ends on 2026-03-10, and invoices charge for later days (Fee to 2026-05-31). 8300.00 AUD before tax will be credited. If the day is wrong, terminate it again with a later last day: POST /v1/contracts/bluegum-1/terminate',
    ]);
    expect(await Promise.all(['2026-03', '2026-04', '2026-05'].map(open))).toEqual([
      ['-2100.00'],
      ['-3100.00'],
      ['-3100.00'],
    ]);
    expect(await ends('2026-05-31')).toEqual([]);
    expect(await Promise.all(['2026-03', '2026-04', '2026-05'].map(open))).toEqual([[], [], []]);
  });

  it.each([
    // 310.00 are given back anyway; of 2,790.00 the end gives back 21 days of 31, then 6.
    [
      'lower',
      '2790.00',
      [
        ['2026-03-10', '1890.00', '-2200.00'],
        ['2026-03-25', '540.00', '-850.00'],
      ],
    ],
    // 310.00 are still to be asked: of 3,410.00 an end after 10 days asks for 1,100.00, and 2,000.00 go back.
    [
      'higher',
      '3410.00',
      [
        ['2026-03-10', '2000.00', '-2000.00'],
        ['2026-03-30', null, '200.00'],
      ],
    ],
  ] as const)('an end is told what it gives back by itself, beside a fee that was made %s', async (_, price, told) => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('3100.00') });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: fee(price) });
    for (const [lastDay, net, left] of told) {
      const warnings = net === null ? [] : [expect.stringContaining(`. ${net} AUD before tax will be credited.`)];
      expect(await ends(lastDay)).toEqual(warnings);
      expect(await open('2026-03')).toEqual([left]);
    }
  });

  it('an end tells all that goes back: what is charged once after it, a minimum, less an amount off', async () => {
    const once = { id: 'setup', name: 'Setup', amount: '500.00', on: '2026-03-20', taxCategory: 'GST' } as const;
    const least = { id: 'min', name: 'Minimum', amountPerPeriod: '4030.00', countsRecurring: true, taxCategory: 'GST' };
    const off = { id: 'off', name: 'Loyalty', kind: 'amount', amount: '31.00', order: 'before-minimum' } as const;
    const besides = { ...fee('3100.00'), oneTimeFees: [once], minimumCommitment: least, discounts: [off] };
    await msp.signs('bluegum', { from: '2026-03-01', besides });
    await msp.days(30);
    await msp.bills('I1', 'bluegum', '2026-03');
    // 3,100.00 - 31.00 = 3,069.00, so 961.00 lack to the minimum; and 500.00.
    expect((await msp.document('I1')).at(-1)).toBe('4530.00 + 453.00 = 4983.00 AUD');
    // 1,000.00 - 31.00 = 969.00 of 4,030.00 x 10/31 = 1,300.00, so 331.00 lack: 1,300.00 of 4,530.00 stay.
    expect((await ends('2026-03-10')).at(-1)).toContain(
      'invoices charge for later days (Fee to 2026-03-31, Minimum to 2026-03-31, Setup to 2026-03-20). 3230.00 AUD before tax will be credited.',
    );
    expect(await open('2026-03')).toEqual(['-2100.00', '-630.00', '-500.00']);
  });

  it('a version and a rest tell what they give back of invoices (K1)', async () => {
    const warned = async <C extends object>(type: CommandClass<C>, input: object): Promise<readonly string[]> => {
      const answer = await msp.house.send(type, { contractId: 'bluegum-1', ...input }, { actor: ANNA });
      if (isRefusal(answer)) throw new Error(answer.message);
      const money = (answer.warnings ?? []).filter(({ code }) => code !== 'WorkUnpriced');
      return money.map(({ code, message }) => `${code}: ${message.split('. ')[0] ?? ''}`);
    };
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('3100.00') });
    await msp.bills('I1', 'bluegum', '2026-03');
    const version = (price: string, from: string) => {
      const { terms } = versionOf({ from, besides: fee(price) }) as { terms: ContractTerms };
      return warned(contracts.PublishContractVersion, { effectiveFrom: from, effectiveTo: null, terms });
    };
    expect(await version('3410.00', '2026-03-20')).toEqual([]);
    // 12 of 31 days: 100.00 a day, and then 80.00.
    expect(await version('2480.00', '2026-03-20')).toEqual([
      'InvoicedAndLess: Version 3 of contract bluegum-1 from 2026-03-20 makes what invoices ask for less (Fee to 2026-03-31): 240.00 AUD before tax will be credited',
    ]);
    expect(await open('2026-03')).toEqual(['-240.00']);
    // From the 11th: 9 days of 100.00, 12 of 80.00; 240.00 go back anyway.
    expect(await warned(contracts.SuspendContract, { from: '2026-03-11', reason: 'rebuilds' })).toEqual([
      'InvoicedAndLess: The suspension of contract bluegum-1 from 2026-03-11 makes what invoices ask for less (Fee to 2026-03-31): 1860.00 AUD before tax will be credited',
    ]);
    expect(await open('2026-03')).toEqual(['-2100.00']);
    expect(await version('2480.00', '2026-06-01')).toEqual([]);
    // As a file states it: two versions at once, and an end.
    const stated = (price: string, effectiveFrom: string) => {
      const { terms } = versionOf({ from: effectiveFrom, besides: fee(price) }) as { terms: ContractTerms };
      return { type: 'PublishContractVersion', contractId: 'bluegum-1', effectiveFrom, effectiveTo: null, terms };
    };
    const versions = [stated('2790.00', '2026-03-02'), stated('2480.00', '2026-03-06')];
    // 4 days of 10.00 and 5 of 20.00 less; the rest is suspended.
    expect(await warned(contracts.StateContract, { parts: versions })).toEqual([
      'InvoicedAndLess: What is stated of contract bluegum-1 from 2026-03-02 (version 5, 6) makes what invoices ask for less (Fee to 2026-03-31): 140.00 AUD before tax will be credited',
    ]);
    const end = { type: 'TerminateContract', contractId: 'bluegum-1', lastDay: '2026-03-08', reason: 'closes' };
    expect(await warned(contracts.StateContract, { parts: [end] })).toEqual([
      'InvoicedAfterEnd: Contract bluegum-1 ends on 2026-03-08, and invoices charge for later days (Fee to 2026-03-31)',
    ]);
  });

  it('what was billed in advance is not billed once more in arrears (K1)', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('900.00', { everyMonths: 3 }) });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(95);
    await msp.renegotiates('bluegum', {
      from: '2026-03-01',
      besides: fee('900.00', { everyMonths: 3, billed: 'in-arrears' }),
    });
    expect(await Promise.all(['2026-03', '2026-04', '2026-05', '2026-06'].map(open))).toEqual([[], [], [], []]);
    await msp.send(contracts.TerminateContract, {
      contractId: 'bluegum-1',
      lastDay: '2026-04-30',
      reason: 'gave notice',
    });
    expect(await open('2026-03')).toEqual(['-303.26']);
  });

  it('a yearly fee in arrears is due once its client has left, and is asked for once where that is found out later (K16)', async () => {
    const yearly = fee('3650.00', { everyMonths: 12, billed: 'in-arrears' });
    await msp.signs('bluegum', { besides: yearly });
    await msp.send(contracts.TerminateContract, {
      contractId: 'bluegum-1',
      lastDay: '2026-03-31',
      reason: 'gave notice',
    });
    await msp.days(45);
    expect(await open('2026-03')).toEqual(['900.00']);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 900.00 AUD']);
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await msp.gaps()).toEqual([]);
    expect(await open('2026-12')).toEqual([]);
  });

  it.each([
    ['the same minimum', '500.00', '200.00'],
    ['a higher one', '600.00', '300.00'],
  ])(
    'work that is invoiced counts towards %s of a version that is put in force later from before it',
    async (_, amountPerPeriod, lacking) => {
      const minimum = { id: 'min', name: 'Minimum', taxCategory: 'GST', countsRecurring: false };
      const terms = (amount: string): Partial<ContractTerms> => ({
        minimumCommitment: { ...minimum, amountPerPeriod: amount },
      });
      await msp.signs('bluegum', { from: '2026-03-01', besides: terms('500.00') });
      const ticket = await msp.ticket('T1', 'bluegum');
      await ticket.time('W1', 120, '2026-03-02');
      await msp.bills('I1', 'bluegum', '2026-03');
      expect(await open('2026-03')).toEqual(['200.00']);
      await msp.renegotiates('bluegum', { from: '2026-03-01', hourly: '180.00', besides: terms(amountPerPeriod) });
      expect(await open('2026-03')).toEqual([lacking]);
    },
  );

  it('work that is invoiced lets an amount off count that a version brings later from before it', async () => {
    const discount = {
      id: 'off',
      name: 'Off',
      kind: 'amount' as const,
      amount: '50.00',
      order: 'before-minimum' as const,
    };
    await msp.signs('bluegum', { from: '2026-03-01' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 120, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: { discounts: [discount] } });
    expect(await open('2026-03')).toEqual(['-50.00']);
  });
});
