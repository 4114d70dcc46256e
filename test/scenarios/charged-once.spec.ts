import { contractCommands as contracts } from '@billtrail/application';
import type { ContractTerms, OneTimeFee } from '@billtrail/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';

const setUp = (more: Partial<OneTimeFee> = {}): Partial<ContractTerms> => ({
  oneTimeFees: [{ id: 'setup', name: 'Onboarding', amount: '1500.00', taxCategory: 'GST', ...more }],
});

describe('a fee that is charged once', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  /** What is charged in a month, with what became of it. */
  async function charges(period: string): Promise<readonly string[]> {
    await msp.house.settle();
    const found = await msp.house.billtrail.models.charges.ofPeriod('bluegum', period);
    return found.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
  }

  it('is drafted and invoiced in its month, once: 1,500.00 + 150.00', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp() });
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      expect.stringMatching(/^INV/),
      '1500.00 + 150.00 = 1650.00 AUD',
    ]);
    await msp.days(40);
    expect(await charges('2026-04')).toEqual([]);
    expect(await msp.gaps()).toEqual([]);
  });

  it('is charged once whatever it is called, and adjusted as itself', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp({ id: 'a1' }) });
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await charges('2026-03')).toEqual(['bluegum-1@once@a1 invoiced 1500.00']);
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: setUp({ id: 'a1', amount: '1600.00' }) });
    expect(await charges('2026-03')).toEqual([
      'bluegum-1@once@a1 invoiced 1500.00',
      'bluegum-1@once@a1@a1 billable 100.00',
    ]);
  });

  it('that nobody invoices is a gap at its amount', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp() });
    await msp.days(20);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 1500.00 AUD']);
  });

  it('of a day that has not come is there when its month has', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp({ on: '2026-04-15' }) });
    expect(await charges('2026-04')).toEqual([]);
    await msp.days(40);
    expect(await charges('2026-04')).toEqual(['bluegum-1@once@setup billable 1500.00']);
    expect(await msp.drafts('I1', 'bluegum', '2026-04')).toBe('NothingToBill');
    await msp.days(10);
    expect(await msp.drafts('I1', 'bluegum', '2026-04')).toBe('accepted');
  });

  it('stays where it was invoiced: back-dated to February it is asked for nowhere else, and follows its amount', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp() });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-02-10', besides: setUp({ amount: '1800.00' }) });
    expect(await charges('2026-02')).toEqual([]);
    expect(await charges('2026-03')).toEqual([
      'bluegum-1@once@setup invoiced 1500.00',
      'bluegum-1@once@setup@a1 billable 300.00',
    ]);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 300.00 AUD']);
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await msp.gaps()).toEqual([]);
  });

  it('credited to be billed again, it is asked for on the day that it is due by now', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp() });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-02-10', besides: setUp() });
    expect(
      await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'bluegum-1@once@setup', outcome: 'bill-again' }]),
    ).toBe('accepted');
    expect([await charges('2026-02'), await charges('2026-03')]).toEqual([
      ['bluegum-1@once@setup billable 1500.00'],
      [],
    ]);
    await msp.bills('I2', 'bluegum', '2026-02');
    expect(await msp.gaps()).toEqual([]);
  });

  it('goes back where the contract never began with it: terminated before its day, after the invoice', async () => {
    await msp.signs('bluegum', { from: '2026-02-01', besides: setUp({ on: '2026-03-02' }) });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.send(contracts.TerminateContract, {
      contractId: 'bluegum-1',
      lastDay: '2026-03-01',
      reason: 'gave notice',
    });
    expect(await charges('2026-03')).toEqual([
      'bluegum-1@once@setup invoiced 1500.00',
      'bluegum-1@once@setup@a1 billable -1500.00',
    ]);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -1500.00 AUD']);
  });

  it('of a draft makes that draft stale where its day or amount changes', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: setUp() });
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('accepted');
    await msp.renegotiates('bluegum', { from: '2026-02-10', besides: setUp() });
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('DraftStale');
  });
});
