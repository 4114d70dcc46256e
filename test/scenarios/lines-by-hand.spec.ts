import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import type { LinePart } from '@billtrail/billing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp, versionOf } from './msp.js';

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

/** A part as a line shows it: its figures, then its amount. */
function shown({
  label,
  quantity,
  unitPrice,
  amount,
  minutes,
  percent,
  days,
  ofDays,
  from,
  to,
  capId,
}: LinePart): string {
  const price =
    unitPrice === null ? '' : ` ${minutes === undefined ? quantity : `${minutes} min`} x ${unitPrice.amount}`;
  const prorated = days === undefined ? '' : ` ${days} of ${ofDays} days, ${from} to ${to}`;
  const figures = `${price}${prorated}${percent === undefined ? '' : ` ${percent} %`}${capId === undefined ? '' : ` ${capId}`}`;
  return `${label}${figures}: ${amount.amount}`;
}

describe('each line of an invoice can be checked by hand (K6)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  async function linesOf(invoiceId: string) {
    await msp.house.settle();
    const { invoices } = msp.house.billtrail.models;
    const lines = (await invoices.lines(invoiceId)).items;
    const charges = (await invoices.charges(invoiceId)).items;
    return [...lines, ...charges];
  }

  async function sums(invoiceId: string): Promise<readonly (readonly string[])[]> {
    return (await linesOf(invoiceId)).map(({ parts, net }) => [...parts.map(shown), `= ${net.amount}`]);
  }

  it('work with a discount: 9 h at 100.00 less 10 % are 810.00', async () => {
    const discounts = [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }] as const;
    await msp.signs('bluegum', { hourly: '100.00', besides: { discounts } });
    await (await msp.ticket('T1', 'bluegum')).time('W1', 540, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await sums('I1')).toEqual([['price 540 min x 100.00: 900.00', 'discount 10 %: -90.00', '= 810.00']]);
  });

  it('work that a cap cut: what lies above it is not in the line', async () => {
    const caps = [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '200.00', above: 'write-down' }] as const;
    await msp.signs('bluegum', { minimum: 0, increment: 1, besides: { caps } });
    await (await msp.ticket('T1', 'bluegum')).time('W1', 89, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await sums('I1')).toEqual([['price 80 min x 150.00: 200.00', '= 200.00']]);
  });

  it('work that a cap cut and of which something is given: what is left above the cap is the exact rest, before the invoice and after', async () => {
    const caps = [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '100.00', above: 'write-down' }] as const;
    await msp.signs('bluegum', { hourly: '170.00', minimum: 0, increment: 1, besides: { caps } });
    await (await msp.ticket('T1', 'bluegum')).time('W1', 50, '2026-03-02');
    const given = { amount: { amount: '30.00', currency: 'AUD' }, reason: 'we were late' };
    await msp.send(tickets.GrantCourtesy, { ticketId: 'T1', workItemId: 'W1', ...given });
    // 50 min are 141.67: 100.00 less 30.00, and 41.67 above the cap.
    const rest = 'W1@p2 written-off 0.25 h 41.67 AUD';
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1@p1 billable 0.583333 h 70.00 AUD', rest]);
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1@p1 invoiced 0.583333 h 70.00 AUD', rest]);
    expect(await sums('I1')).toEqual([
      ['price 35 min x 170.00: 99.17', 'cap cap: 0.83', 'courtesy: -30.00', '= 70.00'],
    ]);
  });

  it('work by tiers: each tier at its price', async () => {
    const workTypes = [
      {
        workType: 'remote',
        mode: 'tiers',
        per: 'entry',
        tiers: [
          { upToMinutes: 60, pricePerHour: '150.00' },
          { upToMinutes: null, pricePerHour: '100.00' },
        ],
      },
    ];
    await msp.signs('bluegum', { minimum: 0, increment: 1 });
    const version = versionOf({}) as { terms: { rateCard: object } };
    const rateCard = { ...version.terms.rateCard, minimumMinutes: 0, incrementMinutes: 1, workTypes };
    const terms = { ...version.terms, rateCard };
    await msp.send(contracts.PublishContractVersion, { contractId: 'bluegum-1', ...version, terms });
    await (await msp.ticket('T1', 'bluegum')).time('W1', 90, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await sums('I1')).toEqual([['tier 60 min x 150.00: 150.00', 'tier 30 min x 100.00: 50.00', '= 200.00']]);
  });

  it('a fee for some days: from, to and days of days', async () => {
    const perDevice = fee('12.50', { basis: 'per-device', countOf: 'device' });
    await msp.signs('bluegum', { from: '2026-03-15', besides: perDevice });
    await msp.send(contracts.RecordCount, {
      contractId: 'bluegum-1',
      countOf: 'device',
      count: 12,
      from: '2026-03-15',
    });
    await msp.days(14);
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await sums('I1')).toEqual([
      ['price 12 x 12.50: 150.00', 'proration 17 of 31 days, 2026-03-15 to 2026-03-31: -67.74', '= 82.26'],
    ]);
  });

  it('an adjustment of a fee: what the versions in force say, less what was billed', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('310.00') });
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-03-17', besides: fee('345.00') });
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await sums('I2')).toEqual([
      [
        'price 1 x 310.00: 310.00',
        'proration 16 of 31 days, 2026-03-01 to 2026-03-16: -150.00',
        'price 1 x 345.00: 345.00',
        'proration 15 of 31 days, 2026-03-17 to 2026-03-31: -178.06',
        'billed-before: -310.00',
        '= 16.94',
      ],
    ]);
    expect((await linesOf('I2')).map(({ creditOf }) => creditOf)).toEqual([null]);
  });

  it('a credit of an earlier invoice is marked as one: original, reason, difference, tax', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('310.00') });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 120, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.corrects('W1', 60, '2026-03-02');
    await msp.renegotiates('bluegum', { from: '2026-03-17', besides: fee('248.00') });
    await ticket.time('W2', 300, '2026-03-02');
    await msp.bills('I2', 'bluegum', '2026-03');
    const marked = (await linesOf('I2')).map(({ net, creditOf }) => [net.amount, creditOf]);
    const aud = (amount: string) => ({ amount, currency: 'AUD' });
    expect(marked).toEqual([
      [
        '-150.00',
        {
          documentId: 'I1',
          number: 'INV-000001',
          reason: 'the work was corrected',
          difference: aud('-150.00'),
          tax: aud('-15.00'),
        },
      ],
      ['750.00', null],
      [
        '-30.00',
        {
          documentId: 'I1',
          number: 'INV-000001',
          reason: '248.00 instead of 310.00 from 2026-03-17 on',
          difference: aud('-30.00'),
          tax: aud('-3.00'),
        },
      ],
    ]);
  });
});
