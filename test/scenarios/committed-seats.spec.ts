import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, reconciled } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { reconciliationText } from '../../libs/command-line/src/terminal/reconciliation.js';
import { Msp, versionOf } from './msp.js';
import { ANNA, OMAR } from './people.js';

const contractId = 'bluegum-1';
const SEATS: RecurringCharge = {
  id: 'seats',
  name: 'Seats',
  basis: 'per-user',
  countOf: 'seat',
  price: '21.00',
  billed: 'in-advance',
  taxCategory: 'GST',
  commitment: { until: '2027-02-28', increaseOnly: true },
};

describe('seats that are committed (K25)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-01');
  });
  afterEach(() => msp.closes());

  async function signed(charge: RecurringCharge = SEATS): Promise<void> {
    const terms: Partial<ContractTerms> = { recurringCharges: [charge] };
    await msp.send(contracts.RegisterClient, {
      clientId: 'bluegum',
      name: 'bluegum',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
    });
    await msp.send(contracts.ActivateContract, {
      contractId,
      clientId: 'bluegum',
      name: 'Licences',
      priority: 10,
      ...versionOf({ from: '2026-03-01', besides: terms }),
    });
    await counted(44, '2026-03-01');
  }
  const counted = (count: number, from: string) =>
    msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count, from }, { actor: OMAR });
  const terminated = () =>
    msp.send(contracts.TerminateContract, { contractId, lastDay: '2026-08-15', reason: 'merged' });
  async function warned(command: Parameters<Msp['send']>[0], input: object): Promise<readonly string[]> {
    const answer = await msp.house.send(command, { contractId, ...input }, { actor: ANNA });
    if (isRefusal(answer)) throw new Error(answer.message);
    return (answer.warnings ?? []).map(({ code, message }) => `${code}: ${message}`);
  }
  function at(moment: string): void {
    msp.house.passDays((Date.parse(moment) - Date.parse(msp.house.now)) / 86_400_000);
  }

  it('stay owed month by month after a termination, to the end of the commitment and no longer', async () => {
    await signed();
    at('2026-08-10T00:00:00Z');
    await terminated();
    at('2026-10-02T00:00:00Z');
    expect((await msp.bills('I1', 'bluegum', '2026-10')).at(-1)).toBe('924.00 + 92.40 = 1016.40 AUD');
    at('2027-02-02T00:00:00Z');
    expect((await msp.bills('I2', 'bluegum', '2027-02')).at(-1)).toBe('924.00 + 92.40 = 1016.40 AUD');
    at('2027-03-05T00:00:00Z');
    expect(await msp.drafts('I3', 'bluegum', '2027-03')).toBe('NothingToBill');
  });
  it('are warned of where the contract ends or rests, and the remedy works: what was invoiced for later days goes back', async () => {
    await signed({ ...SEATS, price: '252.00', everyMonths: 12 });
    at('2026-08-10T00:00:00Z');
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('11088.00 + 1108.80 = 12196.80 AUD');
    const told = (input: object) =>
      warned(contracts.TerminateContract, { lastDay: '2026-08-15', reason: 'merged', ...input });
    const held =
      'CommitmentHolds: Seats (seats) of contract bluegum-1 is committed until 2027-02-28, and is charged for to that day.';
    expect(await warned(contracts.SuspendContract, { from: '2026-08-10', reason: 'rest' })).toEqual([
      `${held} To forgo the rest, publish a version without the commitment: POST /v1/contracts/bluegum-1/versions`,
    ]);
    expect(await told({})).toEqual([
      `${held} To forgo the rest: POST /v1/contracts/bluegum-1/terminate with "releasesCommitments": true and the reason.`,
    ]);
    expect(await msp.gaps()).toEqual([]);
    // From 16 August to 28 February: 11,088.00 x 197/365. The days on which it rested before stay owed.
    expect(await told({ releasesCommitments: true })).toEqual([
      'CommitmentReleased: Seats (seats) of contract bluegum-1 was committed until 2027-02-28, and this termination forgoes the rest: 5984.48 AUD before tax. To keep it owed: POST /v1/contracts/bluegum-1/terminate with the same last day and without "releasesCommitments".',
      'InvoicedAfterEnd: Contract bluegum-1 ends on 2026-08-15, and invoices charge for later days (Seats to 2027-02-28). 5984.48 AUD before tax will be credited. If the day is wrong, terminate it again with a later last day: POST /v1/contracts/bluegum-1/terminate',
    ]);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -5984.48 AUD']);
    await terminated();
    expect(await msp.gaps()).toEqual([]);
  });
  it('are told to finance where fewer are used', async () => {
    await signed();
    await counted(38, '2026-06-10');
    await msp.house.settle();
    const unused = async (day: string) => (await reconciled(msp.house.billtrail, day)).unusedLicences;
    expect(await unused('2026-06-09')).toBeUndefined();
    expect(await unused('2026-06-10')).toMatchObject([
      { clientId: 'bluegum', chargeId: 'seats', charged: 44, used: 38, unused: 6, net: { amount: '126.00' } },
    ]);
    const text = reconciliationText(await reconciled(msp.house.billtrail, '2026-06-10'));
    expect(text).toContain('Licences unused on 2026-06-10');
    expect(text).toMatch(/bluegum +bluegum-1 +Seats \(seats\) +44 +38 +6 +2027-02-28 +126.00 AUD a month/);
    expect((await reconciled(msp.house.billtrail, '2026-06-10', { clientId: 'other' })).unusedLicences).toBeUndefined();
  });
});
