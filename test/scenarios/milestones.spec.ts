import { contractCommands as contracts } from '@billtrail/application';
import type { ContractTerms, Milestone } from '@billtrail/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { Msp, versionOf } from './msp.js';
import { ANNA, BEA } from './people.js';

const LIVE: Milestone = {
  id: 'live',
  name: 'Go-live',
  amount: '8000.00',
  plannedOn: '2026-02-20',
  taxCategory: 'GST',
};
const project = (...milestones: readonly Milestone[]): Partial<ContractTerms> => ({ milestones });

describe('a milestone of a fixed-price project', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum', { from: '2026-02-01', besides: project(LIVE) });
  });
  afterEach(() => msp.closes());

  const reached = (reachedOn: string): Promise<string> =>
    msp.tries(contracts.DeclareMilestoneReached, {
      contractId: 'bluegum-1',
      milestoneId: 'live',
      reachedOn,
      acceptedBy: 'R. Moss',
    });
  const withdrawn = (): Promise<string> =>
    msp.tries(
      contracts.WithdrawMilestoneDeclaration,
      {
        contractId: 'bluegum-1',
        milestoneId: 'live',
        reason: 'a fault was found',
      },
      {},
      BEA,
    );

  async function charges(period: string): Promise<readonly string[]> {
    await msp.house.settle();
    const found = await msp.house.billtrail.models.charges.ofPeriod('bluegum', period);
    return found.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
  }
  async function state(): Promise<string | undefined> {
    await msp.house.settle();
    const shown = await msp.house.billtrail.models.milestones.of('bluegum-1');
    return shown?.map((one) => `${one.milestoneId} ${one.state} ${one.billed?.amount ?? 'nothing'}`).join();
  }

  it('is billed when it was declared reached, and not on its planned day: 8,000.00 + 800.00', async () => {
    await msp.days(20);
    expect([await state(), await msp.gaps()]).toEqual(['live open nothing', []]);
    expect(await reached('2026-03-10')).toBe('accepted');
    expect(await reached('2026-03-10')).toBe('accepted');
    expect([await state(), await charges('2026-03')]).toEqual([
      'live reached nothing',
      ['bluegum-1@milestone@live billable 8000.00'],
    ]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      expect.stringMatching(/^INV/),
      '8000.00 + 800.00 = 8800.00 AUD',
    ]);
    expect([await state(), await msp.gaps()]).toEqual(['live billed 8000.00', []]);
  });

  it('that is reached and not billed is a gap at its amount, which ends as billed', async () => {
    await reached('2026-03-02');
    await msp.days(20);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 8000.00 AUD']);
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await msp.endings('contract-mismatch')).toEqual(['billed']);
  });

  it('is not reached before its day, nor before the terms', async () => {
    expect([await reached('2026-03-03'), await reached('2026-01-31')]).toEqual([
      'MilestoneMalformed',
      'MilestoneMalformed',
    ]);
  });

  it('declared in error is given back where it was invoiced, and reached again asked for there: once', async () => {
    await reached('2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await withdrawn()).toBe('accepted');
    expect(await withdrawn()).toBe('accepted');
    expect(await charges('2026-03')).toEqual([
      'bluegum-1@milestone@live invoiced 8000.00',
      'bluegum-1@milestone@live@a1 billable -8000.00',
    ]);
    expect(await state()).toBe('live open 8000.00');
    await msp.days(40);
    await reached('2026-04-10');
    expect([await charges('2026-03'), await charges('2026-04')]).toEqual([
      ['bluegum-1@milestone@live invoiced 8000.00'],
      [],
    ]);
    expect(await state()).toBe('live billed 8000.00');
  });

  it('is adjusted where a version changes its amount for its day, and given back where it has it no more, with a gap', async () => {
    await reached('2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: project({ ...LIVE, amount: '9000.00' }) });
    expect((await charges('2026-03')).at(-1)).toBe('bluegum-1@milestone@live@a1 billable 1000.00');
    await msp.renegotiates('bluegum', { from: '2026-03-01' });
    expect((await charges('2026-03')).at(-1)).toBe('bluegum-1@milestone@live@a1 billable -8000.00');
    expect(await msp.gaps()).toEqual(['contract-mismatch: -8000.00 AUD', 'contract-mismatch: 9000.00 AUD']);
  });

  it('that the terms of its day have no more is a gap at its amount, also in a month with nothing else', async () => {
    const open = ['contract-mismatch: 8000.00 AUD'];
    await reached('2026-03-02');
    await msp.days(20);
    expect(await msp.gaps()).toEqual(open);
    await msp.renegotiates('bluegum', { from: '2026-03-01' });
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([[], open]);
    await withdrawn();
    expect(await msp.gaps()).toEqual([]);
    // The other way round: the version was there before it was declared.
    await reached('2026-03-02');
    expect(await msp.gaps()).toEqual(open);
  });

  it('reached after the contract ended has the price that held last; a rest changes nothing', async () => {
    await msp.send(contracts.SuspendContract, { contractId: 'bluegum-1', from: '2026-02-20', reason: 'waits' });
    await msp.send(contracts.TerminateContract, {
      contractId: 'bluegum-1',
      lastDay: '2026-02-28',
      reason: 'done',
    });
    expect(await reached('2026-03-02')).toBe('accepted');
    expect(await charges('2026-03')).toEqual(['bluegum-1@milestone@live billable 8000.00']);
  });

  it('credited to be billed again is asked for once more', async () => {
    await reached('2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    const again = [{ itemId: 'bluegum-1@milestone@live', outcome: 'bill-again' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', again)).toBe('accepted');
    expect(await charges('2026-03')).toEqual(['bluegum-1@milestone@live billable 8000.00']);
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await state()).toBe('live billed 8000.00');
  });

  it('that a version leaves out before it is reached is told, and each remedy works', async () => {
    const publishes = async (from: string, ...milestones: readonly Milestone[]) => {
      const answer = await msp.house.send(
        contracts.PublishContractVersion,
        { contractId: 'bluegum-1', ...versionOf({ from, besides: project(...milestones) }) },
        { actor: ANNA },
      );
      if (isRefusal(answer)) throw new Error(answer.message);
      const dropped = (answer.warnings ?? []).filter(({ code }) => code === 'MilestoneDropped');
      return dropped.map(({ code, message }) => `${code}: ${message}`);
    };
    const told =
      'MilestoneDropped: Milestone Go-live (live) of contract bluegum-1, 8000.00 AUD, was not reached, and version 2 leaves it out: it is not charged from 2026-03-01 on. If it is still owed, publish a version with it from 2026-03-01 on: POST /v1/contracts/bluegum-1/versions. If it was reached before: POST /v1/contracts/bluegum-1/milestones/live/reached';
    expect(await publishes('2026-03-01')).toEqual([told]);
    expect(await publishes('2026-03-01', LIVE)).toEqual([]);
    await reached('2026-03-02');
    expect(await charges('2026-03')).toEqual(['bluegum-1@milestone@live billable 8000.00']);
    // Reached it is no more open; the gap tells of it where its terms are gone.
    expect(await publishes('2026-03-01')).toEqual([]);
    await withdrawn();
    await reached('2026-02-27');
    expect([await charges('2026-02'), await publishes('2026-04-01')]).toEqual([
      ['bluegum-1@milestone@live billable 8000.00'],
      [],
    ]);
  });
});
