import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts } from '@billtrail/application';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { Msp } from './msp.js';

const K1 = { contractId: 'bluegum-1' } as const;
const fee = (changes: Partial<RecurringCharge> = {}): Partial<ContractTerms> => ({
  recurringCharges: [
    { id: 'fee', name: 'Fee', basis: 'fixed', price: '3100.00', billed: 'in-advance', taxCategory: 'GST', ...changes },
  ],
});

describe('the events that a charge of a contract and its gap come from (L6)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  /** The types of events, in the order of the log. */
  async function typesOf(ids: readonly string[]): Promise<readonly string[]> {
    const events = await msp.house.events();
    return events.filter(({ id }) => ids.includes(id)).map(({ type }) => type);
  }
  async function adjustment() {
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03');
    const one = charges.find(({ chargeItemId }) => chargeItemId.endsWith('@a1'));
    return { net: one?.net.amount, types: await typesOf(one?.sourceEventIds ?? []) };
  }
  async function gapTypes(): Promise<readonly (readonly string[])[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.gaps.list({ state: 'open' }, { limit: 50 });
    return Promise.all(items.map(({ sourceEventIds }) => typesOf(sourceEventIds)));
  }

  it('an adjustment names the suspension and its end, not one of other days', async () => {
    await msp.signs('bluegum', { besides: fee() });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.send(contracts.SuspendContract, { ...K1, from: '2026-03-11', reason: 'moves house' });
    // 3100.00 x 21/31 go back.
    expect(await adjustment()).toEqual({ net: '-2100.00', types: ['ContractVersionPublished', 'ContractSuspended'] });
    await msp.send(contracts.ResumeContract, { ...K1, resumedOn: '2026-03-21' });
    const types = ['ContractVersionPublished', 'ContractSuspended', 'ContractResumed'];
    expect(await adjustment()).toEqual({ net: '-1000.00', types });
    await msp.send(contracts.SuspendContract, { ...K1, from: '2026-05-01', reason: 'moves again' });
    expect(await adjustment()).toEqual({ net: '-1000.00', types });
  });

  it('an adjustment names the termination, and the one that stated the end anew', async () => {
    await msp.signs('bluegum', { besides: fee() });
    await msp.bills('I1', 'bluegum', '2026-03');
    const ends = (lastDay: string) => msp.send(contracts.TerminateContract, { ...K1, lastDay, reason: 'left' });
    await ends('2026-03-10');
    expect(await adjustment()).toEqual({ net: '-2100.00', types: ['ContractVersionPublished', 'ContractTerminated'] });
    await ends('2026-03-20');
    const both = ['ContractVersionPublished', 'ContractTerminated', 'ContractTerminated'];
    expect(await adjustment()).toEqual({ net: '-1100.00', types: both });
  });

  it('a charge without a count names the terms that ask for it', async () => {
    await msp.signs('bluegum', {
      from: '2026-03-01',
      besides: fee({ basis: 'per-user', countOf: 'user', price: '30.00' }),
    });
    await msp.days(30);
    expect(await gapTypes()).toEqual([['ContractVersionPublished'], ['ContractVersionPublished']]);
  });

  it('what a contract that ended would charge names its terms and its end', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee() });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.send(contracts.TerminateContract, { ...K1, lastDay: '2026-03-31', reason: 'left' });
    await msp.days(33);
    await (await msp.ticket('T1', 'bluegum')).time('W1', 60, '2026-04-03');
    expect(await gapTypes()).toContainEqual(['ContractVersionPublished', 'ContractTerminated']);
  });
});
