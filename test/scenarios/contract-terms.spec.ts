import { contractCommands as contracts, reconciled } from '@billtrail/application';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { Msp, versionOf } from './msp.js';
import { ANNA, OMAR } from './people.js';

type RenewalTerms = NonNullable<ContractTerms['renewal']>;

function managed(renewal?: RenewalTerms): Partial<ContractTerms> {
  const fee = { id: 'fee', name: 'Fee', basis: 'fixed', price: '3100.00', billed: 'in-advance', taxCategory: 'GST' };
  return { recurringCharges: [fee as never], ...(renewal === undefined ? {} : { renewal }) };
}
const YEARLY: RenewalTerms = { automatic: true, months: 12, noticeDays: 60 };

describe('the end of a term (K21)', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  /** A contract until 31 October, or another day, told on 1 September. */
  async function signed(
    besides: Partial<ContractTerms>,
    from = '2026-10-01',
    effectiveTo = '2026-10-31',
  ): Promise<void> {
    msp = await Msp.opens('2026-09-01', { secondPersonAbove: { amount: '10000.00', currency: 'AUD' } });
    await msp.send(contracts.RegisterClient, {
      clientId: 'bluegum',
      name: 'bluegum',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
    });
    await msp.send(contracts.ActivateContract, {
      contractId: 'bluegum-1',
      clientId: 'bluegum',
      name: 'Care',
      priority: 10,
      ...versionOf({ from, besides }),
      effectiveTo,
    });
  }
  function at(moment: string): void {
    msp.house.passDays((Date.parse(moment) - Date.parse(msp.house.now)) / 86_400_000);
  }
  async function renewals(): Promise<readonly string[]> {
    const events = (await msp.house.events()).filter(({ type }) => type === 'ContractRenewed');
    return events.map(({ data, actor }) => `${actor.id} ${(data as { effectiveTo: string }).effectiveTo}`);
  }
  async function ending(day: string): Promise<readonly string[]> {
    await msp.house.settle();
    const { contractsEnding = [] } = await reconciled(msp.house.billtrail, day);
    return contractsEnding.map(({ contractId, as, lastDay, until }) => `${contractId} ${as} ${lastDay} ${until}`);
  }
  const notice = (givenOn: string) =>
    msp.tries(contracts.RecordNotice, { contractId: 'bluegum-1', givenOn, reason: 'moves' });
  const november = () => msp.drafts('I1', 'bluegum', '2026-11');

  it('renews a contract that does so by itself on its last day where it is, by an event of the system', async () => {
    await signed(managed(YEARLY));
    at('2026-10-30T12:58:00Z');
    await msp.house.settle();
    expect(await renewals()).toEqual([]);
    at('2026-10-30T13:00:00Z');
    await msp.house.settle();
    await msp.house.settle();
    expect(await renewals()).toEqual(['renew-contracts 2027-10-31']);
    at('2026-10-31T20:00:00Z');
    expect(await november()).toBe('accepted');
    expect((await msp.document('I1')).at(-1)).toBe('3100.00 + 310.00 = 3410.00 AUD');
  });
  async function inPerth(): Promise<void> {
    const perth = { name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Perth' };
    const data = { clientId: 'bluegum', ...perth, taxId: null, address: null, taxExemption: null };
    await msp.house.billtrail.store.append({
      stream: 'client-bluegum',
      expected: 'any',
      events: [{ type: 'ClientDetailsChanged', data, occurredAt: msp.house.now }],
      actor: ANNA,
      commandId: 'perth',
      correlationId: 'perth',
      causationId: null,
      fingerprint: 'perth',
    });
  }

  it('waits for the last day where the client is by now, also where that changes while the policy looks', async () => {
    await signed(managed(YEARLY));
    at('2026-10-30T13:00:00Z');
    const { contractTerms } = msp.house.billtrail.models;
    const due = contractTerms.dueForRenewal.bind(contractTerms);
    let looks = 0;
    jest.spyOn(contractTerms, 'dueForRenewal').mockImplementation(async (day) => {
      const found = await due(day);
      looks += 1;
      if (looks === 1) {
        // As another process records it: here, whoever changes a client waits for what is due by now.
        await inPerth();
        await msp.house.billtrail.models.catchUp();
      }
      return found;
    });
    await msp.house.settle();
    jest.restoreAllMocks();
    expect(looks).toBeGreaterThan(0);
    expect(await renewals()).toEqual([]);
    at('2026-10-30T16:00:00Z');
    await msp.house.settle();
    expect(await renewals()).toEqual(['renew-contracts 2027-10-31']);
  });
  it('is caught up with, term after term, as soon as anybody asks', async () => {
    await signed(managed({ ...YEARLY, months: 1 }));
    at('2027-03-05T00:00:00Z');
    expect(await msp.drafts('I1', 'bluegum', '2027-03')).toBe('accepted');
    expect(await renewals()).toEqual(
      ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31'].map((day) => `renew-contracts ${day}`),
    );
  });
  it('comes where notice was given in time, and stays away where it was withdrawn', async () => {
    await signed(managed(YEARLY));
    expect(await notice('2026-09-01')).toBe('accepted');
    at('2026-11-02T00:00:00Z');
    expect(await november()).toBe('NothingToBill');
    expect(await renewals()).toEqual([]);
    // October's own fee. That there is none in November was decided.
    expect(await msp.gaps()).toEqual(['contract-mismatch: 3100.00 AUD']);
    await msp.send(contracts.WithdrawNotice, { contractId: 'bluegum-1', reason: 'stays' });
    expect(await november()).toBe('accepted');
    expect(await renewals()).toEqual(['renew-contracts 2027-10-31']);
  });
  it('is undone where notice was given in time and recorded later: what was invoiced after the end goes back', async () => {
    await signed(managed({ ...YEARLY, months: 1 }));
    at('2026-12-05T00:00:00Z');
    expect((await msp.bills('I1', 'bluegum', '2026-11')).at(-1)).toBe('3100.00 + 310.00 = 3410.00 AUD');
    expect((await msp.bills('I2', 'bluegum', '2026-12')).at(-1)).toBe('3100.00 + 310.00 = 3410.00 AUD');
    expect(await renewals()).toEqual(['renew-contracts 2026-11-30', 'renew-contracts 2026-12-31']);
    const given = { contractId: 'bluegum-1', givenOn: '2026-09-01', reason: 'moves' };
    const answer = await msp.house.send(contracts.RecordNotice, given, { actor: ANNA });
    expect('warnings' in answer && answer.warnings).toMatchObject([
      { code: 'RenewalReversed', message: expect.stringMatching(/given back: 6200\.00 AUD before tax\.$/) },
    ]);
    await msp.house.settle();
    // Nothing renews it again: it ends on 31 October. Two fees of 3,100.00 are owed back, and October's own is not invoiced yet.
    expect(await renewals()).toHaveLength(2);
    expect(await msp.gaps()).toEqual([
      'contract-mismatch: -3100.00 AUD',
      'contract-mismatch: -3100.00 AUD',
      'contract-mismatch: 3100.00 AUD',
    ]);
    await msp.send(contracts.WithdrawNotice, { contractId: 'bluegum-1', reason: 'stays' });
    await msp.house.settle();
    expect(await renewals()).toHaveLength(4);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 3100.00 AUD']);
  });
  it('takes no notice of tomorrow', async () => {
    await signed(managed(YEARLY));
    at('2026-09-10T00:00:00Z');
    expect(await notice('2026-09-11')).toBe('NoticeMalformed');
    expect(await notice('2026-09-10')).toBe('accepted');
  });
  it('comes a term later where notice was given too late', async () => {
    await signed(managed({ automatic: true, months: 2, noticeDays: 30 }));
    at('2026-10-10T00:00:00Z');
    expect(await notice('2026-10-10')).toBe('accepted');
    at('2027-02-10T00:00:00Z');
    await msp.house.settle();
    expect(await renewals()).toEqual(['renew-contracts 2026-12-31']);
  });
  it('does not renew over another contract of the client that has followed', async () => {
    await signed(managed(YEARLY));
    await msp.send(contracts.ActivateContract, {
      contractId: 'bluegum-2',
      clientId: 'bluegum',
      name: 'Care anew',
      priority: 10,
      ...versionOf({ from: '2026-11-01', besides: managed() }),
    });
    at('2026-11-02T00:00:00Z');
    expect(await november()).toBe('accepted');
    expect(await renewals()).toEqual([]);
    expect((await msp.document('I1')).at(-1)).toBe('3100.00 + 310.00 = 3410.00 AUD');
  });
  it('is a gap at the charges of each month where nothing follows and the client goes on', async () => {
    await signed(managed());
    await msp.house.billtrail.models.catchUp();
    at('2026-11-02T00:00:00Z');
    expect(await msp.gaps()).toEqual(['contract-mismatch: 3100.00 AUD']);
    await msp.ticket('T1', 'bluegum');
    expect(await msp.gaps()).toEqual(['contract-mismatch: 3100.00 AUD', 'contract-mismatch: 3100.00 AUD']);
    await msp.send(contracts.RenewContract, { contractId: 'bluegum-1', versionNumber: 1, effectiveTo: '2027-10-31' });
    expect(await msp.gaps()).toEqual(['contract-mismatch: 3100.00 AUD']);
    expect(await november()).toBe('accepted');
  });
  it('is no gap where the client has nothing any more, and none for a count where it was terminated', async () => {
    const seats = {
      id: 'seats',
      name: 'Seats',
      basis: 'per-user',
      countOf: 'user',
      price: '20.00',
      billed: 'in-arrears',
    };
    await signed({ recurringCharges: [{ ...seats, taxCategory: 'GST' } as never] });
    const count = { contractId: 'bluegum-1', countOf: 'user', from: '2026-10-01' };
    await msp.send(contracts.RecordCount, { ...count, count: 0 }, { actor: OMAR });
    at('2026-11-20T00:00:00Z');
    expect(await msp.gaps()).toEqual([]);
    await msp.send(contracts.RecordCount, { ...count, count: 12 }, { actor: OMAR });
    // 12 x 20.00, with October's own fee on its way.
    expect(await msp.gaps()).toEqual(['contract-mismatch: 240.00 AUD', 'contract-mismatch: 240.00 AUD']);
    await msp.send(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2026-10-31', reason: 'left' });
    expect(await msp.gaps()).toEqual(['contract-mismatch: 240.00 AUD']);
  });
  it('is no gap for tickets in the rest of its month either, once it was terminated as of a later day', async () => {
    await signed(managed(), '2026-10-01', '2026-10-15');
    at('2026-10-20T00:00:00Z');
    await msp.bills('I1', 'bluegum', '2026-10');
    await msp.ticket('T1', 'bluegum');
    // 16 of 31 days.
    expect(await msp.gaps()).toEqual(['contract-mismatch: 1600.00 AUD']);
    await msp.send(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2027-02-10', reason: 'left' });
    expect(await msp.gaps()).toEqual([]);
  });
  it('is told before, and after, by reconcile', async () => {
    await signed(managed(YEARLY));
    expect(await ending('2026-08-31')).toEqual([]);
    expect(await ending('2026-09-01')).toEqual(['bluegum-1 renews 2026-10-31 2027-10-31']);
    await notice('2026-08-30');
    expect(await ending('2026-10-20')).toEqual([]);
  });
  it('of a contract that does not renew is told so, too', async () => {
    await signed(managed({ ...YEARLY, automatic: false }));
    expect(await ending('2026-09-01')).toEqual(['bluegum-1 ends 2026-10-31 null']);
    expect(await ending('2026-11-01')).toEqual(['bluegum-1 ended 2026-10-31 null']);
  });
  it('wants a notice that can be: of a contract that renews, and that is there', async () => {
    await signed(managed());
    expect(await notice('2026-09-01')).toBe('RenewalNotAutomatic');
    expect(await msp.tries(contracts.WithdrawNotice, { contractId: 'bluegum-1', reason: 'x' })).toBe('NoticeUnknown');
  });
});
