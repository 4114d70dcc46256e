import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

function fee(more: Partial<RecurringCharge> = {}): Partial<ContractTerms> {
  const monthly: RecurringCharge = {
    id: 'fee',
    name: 'Fee',
    basis: 'fixed',
    price: '3100.00',
    billed: 'in-advance',
    taxCategory: 'GST',
  };
  return { recurringCharges: [{ ...monthly, ...more }] };
}

describe('charges in advance are there as time passes (K17)', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  /** Goes on to a moment at which nothing is recorded. */
  function at(moment: string): void {
    msp.house.passDays((Date.parse(moment) - Date.parse(msp.house.now)) / 86_400_000);
  }
  const drafted = () => msp.drafts('I1', 'bluegum', '2026-12');
  async function months(): Promise<readonly string[]> {
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum' });
    return items.map(({ period, net, disposition }) => `${period} ${net.amount} ${disposition}`);
  }
  async function opened(): Promise<readonly unknown[]> {
    return (await msp.house.events()).flatMap(({ type, data }) => (type === 'BillingMonthOpened' ? [data] : []));
  }
  async function signed(besides: Partial<ContractTerms> = fee(), chargeLeadDays?: number, timeZone?: string) {
    msp = await Msp.opens('2026-11-02', chargeLeadDays === undefined ? {} : { chargeLeadDays });
    await msp.signs('bluegum', { from: '2026-11-01', besides, ...(timeZone === undefined ? {} : { timeZone }) });
  }

  it('on 29 November, where the lead time says so', async () => {
    await signed(fee(), 2);
    at('2026-11-28T00:00:00Z');
    expect(await drafted()).toBe('NothingToBill');
    at('2026-11-28T23:00:00Z');
    expect(await drafted()).toBe('accepted');
    expect(await msp.issues('I1', 'bluegum', '2026-12')).toBe('accepted');
    await msp.house.settle();
    expect(await months()).toEqual(['2026-11 3100.00 billable', '2026-12 3100.00 invoiced']);
  });
  it('and what was taken early can be given back early', async () => {
    await signed(fee(), 20);
    at('2026-11-28T23:00:00Z');
    expect(await drafted()).toBe('accepted');
    expect(await msp.issues('I1', 'bluegum', '2026-12')).toBe('accepted');
    const end = { contractId: 'bluegum-1', lastDay: '2026-11-30', reason: 'left' };
    await msp.send(contracts.TerminateContract, end);
    const items = ['bluegum-1@fee@fee@2026-12-01@a1'];
    const owed = { creditNoteId: 'C1', clientId: 'bluegum', period: '2026-12', items };
    await msp.send(billing.GiveCredits, { ...owed, reasonCode: 'left', comment: 'agreed' }, { actor: ANNA });
    await msp.house.settle();
    expect(await msp.house.billtrail.models.creditNotes.get('C1')).toMatchObject({ net: { amount: '3100.00' } });
  });

  it('with a lead time of a quarter, a fee far ahead is issued today', async () => {
    await signed(fee({ everyMonths: 3 }), 92);
    at('2026-11-28T23:00:00Z');
    expect(await msp.drafts('I1', 'bluegum', '2027-02')).toBe('accepted');
    expect(await msp.issues('I1', 'bluegum', '2027-02')).toBe('accepted');
  });

  it('and a reconciliation of a day knows what is billed by then, and no charge of a later month that no document has', async () => {
    await signed();
    at('2027-01-10T23:00:00Z');
    await msp.house.settle();
    const expected = async (asOf: string) =>
      (await msp.house.billtrail.models.reconciliation.of(asOf)).charges.expected;
    expect(await expected('2026-11-30')).toEqual({ charges: 1, money: [{ amount: '3100.00', currency: 'AUD' }] });
    expect(await expected('2027-01-10')).toEqual({ charges: 3, money: [{ amount: '9300.00', currency: 'AUD' }] });
    expect(await drafted()).toBe('accepted');
    await msp.house.settle();
    expect(await expected('2026-11-30')).toMatchObject({ charges: 2 });
  });
  it('not on 29 November without a lead time', async () => {
    await signed();
    at('2026-11-29T00:00:00Z');
    expect(await drafted()).toBe('NothingToBill');
    await msp.house.settle();
    expect(await opened()).toEqual([]);
  });
  it('on 1 December at 08:30 in Sydney, which is November in UTC', async () => {
    await signed();
    at('2026-11-30T21:29:00Z');
    expect(await drafted()).toBe('accepted');
    expect(await opened()).toEqual([{ month: '2026-12' }]);
  });
  it('on the first day where the contract is, not where the client or the organisation is', async () => {
    await signed({ ...fee(), timeZone: 'America/New_York' });
    at('2026-12-01T04:58:00Z');
    expect(await drafted()).toBe('NothingToBill');
    at('2026-12-01T05:00:00Z');
    expect(await drafted()).toBe('accepted');
  });
  it('on the first day where the client is, before it is there in the organisation', async () => {
    await signed(fee(), undefined, 'Pacific/Auckland');
    at('2026-11-30T10:58:00Z');
    expect(await drafted()).toBe('NothingToBill');
    at('2026-11-30T11:00:00Z');
    expect(await drafted()).toBe('accepted');
  });
  it('although nothing was recorded since November: to whoever asks, and as a gap when it is due', async () => {
    await signed();
    await msp.bills('I0', 'bluegum', '2026-11');
    at('2026-12-02T00:00:00Z');
    await msp.house.settle();
    expect(await months()).toEqual(['2026-11 3100.00 invoiced', '2026-12 3100.00 billable']);
    at('2027-02-20T00:00:00Z');
    expect(await msp.gaps()).toEqual([
      'contract-mismatch: 3100.00 AUD',
      'contract-mismatch: 3100.00 AUD',
      'contract-mismatch: 3100.00 AUD',
    ]);
    expect(await opened()).toEqual([{ month: '2026-12' }, { month: '2027-02' }]);
  });
  it('as a quarter and a year before they begin, whole although a version changes them within', async () => {
    await signed(fee({ everyMonths: 3, price: '930.00' }), 30);
    await msp.renegotiates('bluegum', { from: '2027-03-01', besides: fee({ everyMonths: 3, price: '1860.00' }) });
    at('2027-01-31T00:00:00Z');
    // 930.00 x 28/89 and 1860.00 x 61/89.
    expect((await msp.bills('I1', 'bluegum', '2027-02')).at(-1)).toBe('1567.41 + 156.74 = 1724.15 AUD');
  });
  it('in read models that are built anew as in those that followed', async () => {
    await signed();
    at('2026-12-02T00:00:00Z');
    await msp.house.settle();
    const followed = await months();
    await msp.house.billtrail.models.rebuild();
    expect(await months()).toEqual(followed);
  });
});
