import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Money, isRefusal, type Month } from '@billtrail/kernel';
import {
  contractCommands as contracts,
  contractsOf,
  planContracts,
  whatIfStated,
  whatIfVersion,
  type ContractPlan,
} from '@billtrail/application';
import { type ContractTerms, type RecurringCharge } from '@billtrail/contracts';
import { readContracts } from '@billtrail/input';
import { Msp, versionOf } from './msp.js';
import { managed, publishedPolicy } from './service-levels.js';

const FEE: RecurringCharge = {
  id: 'fee',
  name: 'Fee',
  basis: 'fixed',
  price: '300.00',
  billed: 'in-advance',
  taxCategory: 'GST',
};
const SEATS: RecurringCharge = {
  ...FEE,
  id: 'seats',
  name: 'Seats',
  basis: 'per-user',
  countOf: 'user',
  price: '10.00',
};

function termsOf(besides: Partial<ContractTerms>, from = '2026-03-01'): { readonly terms: ContractTerms } {
  return versionOf({ from, besides }) as { readonly terms: ContractTerms };
}

describe('what is promised of a change of contract', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  async function asked(period: Month): Promise<string> {
    await msp.house.settle();
    const { items, charges } = await msp.house.billtrail.models.billableItems.explainedOfPeriod('bluegum', period);
    const nets = [...items, ...charges].flatMap(({ net }) => (net === null ? [] : [Money.from(net)]));
    return Money.sum(nets, 'AUD').toJSON().amount;
  }

  const file = (...contractsInFile: readonly object[]) =>
    readContracts({ clients: [{ clientId: 'bluegum', currency: 'AUD', contracts: contractsInFile }] }).commands;
  const inFile = (contractId: string, priority: number, besides: Partial<ContractTerms>) => ({
    contractId,
    name: contractId,
    priority,
    effectiveFrom: '2026-03-01',
    ...termsOf(besides),
  });

  async function plansOf(commands: ReturnType<typeof file>): Promise<readonly ContractPlan[]> {
    const plans = await planContracts(msp.house.billtrail, commands);
    if (isRefusal(plans)) throw new Error(plans.code);
    return plans;
  }

  it('counts the days that invoices of other months ask for, where the billing frequency changes', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges: [FEE] } });
    for (const [invoiceId, period] of [
      ['I1', '2026-03'],
      ['I2', '2026-04'],
      ['I3', '2026-05'],
    ] as const) {
      await msp.bills(invoiceId, 'bluegum', period);
      await msp.days(31);
    }
    const quarterly = {
      from: '2026-03-01',
      besides: { recurringCharges: [{ ...FEE, price: '900.00', everyMonths: 3 } as const] },
    };
    const promised: string[] = [];
    const months = ['2026-03', '2026-04', '2026-05', '2026-06'];
    for (const period of months) {
      const { terms } = versionOf(quarterly) as { terms: ContractTerms };
      const version = { contractId: 'bluegum-1', effectiveFrom: '2026-03-01', effectiveTo: null, terms };
      const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period, version });
      promised.push(isRefusal(answer) ? answer.code : answer.totals.after.amount);
    }
    await msp.renegotiates('bluegum', quarterly);
    expect(promised).toEqual(await Promise.all(months.map(asked)));
    expect(promised).toEqual(['303.26', '293.48', '303.26', '900.00']);
  });

  it('shows the fees of a contract that is new, in the months that have come', async () => {
    await msp.signs('bluegum');
    const [plan] = await plansOf(file(inFile('bluegum-fees', 20, { recurringCharges: [FEE] })));
    expect(plan?.money.map(({ period, net }) => [period, net.amount])).toEqual([['2026-03', '300.00']]);
  });

  it('counts work once where two contracts of a file may both have it', async () => {
    await msp.house.must(
      contracts.RegisterClient,
      {
        clientId: 'bluegum',
        name: 'bluegum',
        currency: 'AUD',
        timeZone: 'Australia/Sydney',
      },
      { actor: { id: 'anna', role: 'accounts' } },
    );
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02');
    const plans = await plansOf(file(inFile('bluegum-1', 10, {}), inFile('bluegum-2', 20, {})));
    expect(plans.map(({ money }) => money.map(({ net }) => net.amount))).toEqual([['150.00'], []]);
  });

  it('keeps what a file does not mention, as activating it does', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges: [SEATS] } });
    await msp.send(contracts.RecordCount, { contractId: 'bluegum-1', countOf: 'user', count: 4, from: '2026-03-01' });
    const dearer = { ...SEATS, price: '12.00' };
    const [stated] = contractsOf(file(inFile('bluegum-1', 10, { recurringCharges: [dearer] })));
    if (stated === undefined) throw new Error('the file has no contract');
    const answer = await whatIfStated(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', ...stated });
    expect(answer).toMatchObject({ totals: { before: { amount: '40.00' }, after: { amount: '48.00' } } });
    await msp.send(contracts.StateContract, stated);
    expect(await asked('2026-03')).toBe('48.00');
  });

  it('is refused where the change is: days shared with another contract of the same priority', async () => {
    await msp.signs('bluegum', { from: '2026-03-01' });
    const { terms } = termsOf({});
    const version = { contractId: 'other', priority: 10, effectiveFrom: '2026-03-01', effectiveTo: null, terms };
    const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', version });
    expect(answer).toMatchObject({ code: 'ContractsOverlap' });
  });

  it('says that a fee of nothing is for other days', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges: [SEATS] } });
    await msp.send(contracts.RecordCount, { contractId: 'bluegum-1', countOf: 'user', count: 0, from: '2026-03-01' });
    const { terms } = termsOf({ recurringCharges: [] }, '2026-03-11');
    const version = { contractId: 'bluegum-1', effectiveFrom: '2026-03-11', effectiveTo: null, terms };
    const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', version });
    expect(answer).toMatchObject({ differences: [{ kind: 'changed', changed: ['days'], net: { amount: '0.00' } }] });
  });

  it('takes an amount off once a month, also where a version in its middle changes the order', async () => {
    const rebate = { id: 'rebate', name: 'Rebate', kind: 'amount', amount: '20.00', taxCategory: 'GST' } as const;
    const besides = (order: 'before-minimum' | 'after-minimum') => ({
      recurringCharges: [FEE],
      discounts: [{ ...rebate, order, includesRecurring: true }],
    });
    await msp.signs('bluegum', { from: '2026-03-01', besides: besides('before-minimum') });
    await msp.renegotiates('bluegum', { from: '2026-03-17', besides: besides('after-minimum') });
    await msp.days(31);
    expect(await asked('2026-03')).toBe('280.00');
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('accepted');
  });

  it('knows the service credits that a change takes back or brings', async () => {
    // 900.00 a month, 5 % of it back for each critical ticket that is late: 45.00. The fee of the other contract, 300.00, gives back 15.00.
    const policy = publishedPolicy('lucidity_au');
    await msp.signs('bluegum', { from: '2026-03-01', besides: managed(policy) });
    await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.days(7);
    expect(await asked('2026-03')).toBe('855.00');
    const version = { contractId: 'bluegum-1', effectiveFrom: '2026-03-01', effectiveTo: null };
    const without = { ...version, ...termsOf({ recurringCharges: managed(policy).recurringCharges ?? [] }) };
    const answer = await whatIfVersion(msp.house.billtrail, {
      clientId: 'bluegum',
      period: '2026-03',
      version: without,
    });
    expect(answer).toMatchObject({ totals: { before: { amount: '855.00' }, after: { amount: '900.00' } } });
    // Another contract that goes before has the ticket, and its service level: 900.00 + 300.00 - 15.00.
    const first = inFile('bluegum-first', 5, { ...managed(policy), recurringCharges: [FEE] });
    const [plan] = await plansOf(file(first));
    expect(plan?.money).toEqual([
      { period: '2026-03', net: { amount: '330.00', currency: 'AUD' }, frozen: { amount: '0.00', currency: 'AUD' } },
    ]);
    const [stated] = contractsOf(file(first));
    await msp.send(contracts.StateContract, stated ?? {});
    expect(await asked('2026-03')).toBe('1185.00');
  });

  it('knows that a contract whose term has passed renews by itself', async () => {
    await msp.signs('bluegum');
    const renewal = { automatic: true, months: 1, noticeDays: 0 };
    const care = {
      ...inFile('care', 20, { recurringCharges: [FEE], renewal }),
      effectiveFrom: '2026-02-01',
      effectiveTo: '2026-02-28',
    };
    // The term of March begins by itself: its fee is there with the contract.
    const [plan] = await plansOf(file(care));
    expect(plan?.money.map(({ period, net }) => [period, net.amount])).toEqual([
      ['2026-02', '300.00'],
      ['2026-03', '300.00'],
    ]);
    const [stated] = contractsOf(file(care));
    if (stated === undefined) throw new Error('the file has no contract');
    const answer = await whatIfStated(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', ...stated });
    expect(answer).toMatchObject({ totals: { after: { amount: '300.00' } } });
    await msp.send(contracts.StateContract, stated);
    expect([await asked('2026-02'), await asked('2026-03')]).toEqual(['300.00', '300.00']);
  });
});
