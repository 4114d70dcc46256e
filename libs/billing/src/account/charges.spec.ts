import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Issued, Money, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ExplainedItem } from '../item/billable-item.js';
import type { AccountEvent } from '../events.js';
import type { ChargeItem } from '../item/charge-item.js';
import { BY_ANYONE, CONFIGURATION, terms } from '../testing/facts.js';
import { aud, draftedOn, feeItem as charge, hourItem as item } from '../testing/items.js';
import { account } from './account.js';
import { draftableCharges, frozenChargeOf, staleCharges } from './charges.js';
import type { DraftInvoice, RequestInvoiceIssue } from './commands.js';
import { MAX_LINES_PER_EVENT, MAX_LINES_PER_INVOICE, draftableItems, lineOf, staleLines } from './lines.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };

const covered = item('w-1@p1', {
  disposition: 'covered',
  unitPrice: aud('0.00'),
  net: aud('0.00'),
  draw: {
    source: { from: 'block', contractId: 'con-1', blockId: 'b-1' },
    itemId: 'w-1@p1',
    workItemId: 'w-1',
    workDate: '2026-03-10',
    amount: { unit: 'minutes', minutes: 60 },
    frozen: false,
  },
});
const overage = item('w-1@p2');
const fee = charge('fee', '500.00');
const VERSION = { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null } as const;
const credit = charge('credit', '-50.00', { kind: 'service-credit', ticketId: 'T-1', sourceEventIds: ['ev-breach'] });

const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const draft = (changes: Partial<DraftInvoice> = {}): DraftInvoice & Issued => ({
  type: 'DraftInvoice',
  issueDate: '2026-04-01',
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  items: [overage],
  charges: [fee, credit],
  configuration: CONFIGURATION,
  client: CLIENT,
  ...issued,
  ...changes,
});
const issue = (changes: Partial<RequestInvoiceIssue> = {}): RequestInvoiceIssue & Issued => ({
  type: 'RequestInvoiceIssue',
  invoiceId: 'inv-1',
  issueDate: '2026-04-01',
  items: [overage],
  charges: [fee, credit],
  configuration: CONFIGURATION,
  client: CLIENT,
  ...issued,
  ...changes,
});

function happened(...commands: Parameters<typeof account.decide>[0][]): AccountEvent[] {
  const events: AccountEvent[] = [];
  for (const command of commands) {
    const decision = account.decide(command, fold(account, events));
    if (isRefusal(decision)) throw new Error(decision.message);
    events.push(...decision);
  }
  return events;
}
const approve = { type: 'ApproveInvoice', invoiceId: 'inv-1', ...BY_ANYONE, ...issued } as const;
const discard = { type: 'DiscardDraft', invoiceId: 'inv-1', reason: 'wrong period', ...issued } as const;
const given = (...events: AccountEvent[]) => spec(account).given(...events);

describe('charges on drafts', () => {
  it('stand beside the lines of work, frozen with all that says where they come from (L6)', () => {
    given()
      .when(draft())
      .thenLike(
        { type: 'InvoiceDrafted', data: { currency: 'AUD' } },
        { type: 'InvoiceLinesAdded', data: { lines: [{ itemId: 'w-1@p2' }] } },
        { type: 'InvoiceLinesAdded', data: { lines: [], charges: [frozenChargeOf(fee), frozenChargeOf(credit)] } },
      );
    expect(frozenChargeOf(credit)).toMatchObject({
      sourceEventIds: ['ev-breach'],
      contractId: 'con-1',
      contractVersion: 1,
      trace: credit.trace,
      ticketId: 'T-1',
    });
    expect(Object.keys(frozenChargeOf(fee))).not.toContain('disposition');
  });
  it('are enough for a draft without work', () =>
    given()
      .when(draft({ items: [], charges: [fee] }))
      .thenLike({ type: 'InvoiceDrafted' }, { type: 'InvoiceLinesAdded', data: { lines: [] } }));
  it('wait for the day on which they may be billed', () => {
    const arrears = charge('arrears', '80.00', { billableFrom: '2026-04-01' });
    const claimed = charge('claimed', '80.00', { disposition: 'claimed', invoiceId: 'inv-9' });
    expect(draftableCharges([fee, arrears, claimed], draftedOn('2026-03-31'))).toEqual([fee]);
    expect(draftableCharges([fee, arrears, claimed], draftedOn('2026-04-01'))).toEqual([fee, arrears]);
  });
  it('wait for the day in the zone of the version that makes them, else of the client', () => {
    const contracts = [
      { contractId: 'con-1', versions: [{ ...VERSION, terms: { ...terms(), timeZone: 'Asia/Tokyo' } }] },
    ];
    // 1 March in Tokyo from 15:00 on, in Sydney from 13:00 on.
    const at = (hour: string, more: object = {}) =>
      draftableCharges([fee], draftedOn('2026-02-28', { at: `2026-02-28T${hour}:00Z`, ...more }));
    expect(at('14:59', { contracts, clientTimeZone: 'Australia/Sydney' })).toEqual([]);
    expect(at('15:00', { contracts })).toEqual([fee]);
    expect(at('12:59', { clientTimeZone: 'Australia/Sydney' })).toEqual([]);
    expect(at('13:00', { clientTimeZone: 'Australia/Sydney' })).toEqual([fee]);
    const other = [{ contractId: 'con-1', versions: [{ ...VERSION, versionNumber: 2, terms: terms() }] }];
    expect(at('23:59', { contracts: other })).toEqual([]);
  });
  it('in advance are there as many days before as the lead time says; arrears and blocks are not', () => {
    const arrears = charge('arrears', '80.00', { billableFrom: '2026-04-01' });
    const block = charge('block', '80.00', { kind: 'prepaid-block' });
    const once = charge('once', '80.00', { kind: 'one-time' });
    const on = (day: string) =>
      draftableCharges([fee, once, arrears, block], draftedOn(day, { configuration: { chargeLeadDays: 5 } }));
    expect(on('2026-02-23')).toEqual([]);
    expect(on('2026-02-24')).toEqual([fee, once]);
    expect(on('2026-03-31')).toEqual([fee, once, block]);
  });
  it('make the draft of before quiet, and another one refused', () => {
    const events = happened(draft());
    given(...events)
      .when(draft({ charges: [credit, fee] }))
      .thenNothing();
    given(...events)
      .when(draft({ charges: [fee, credit, charge('more', '1.00')] }))
      .thenRefused('InvoiceIdTaken');
    given(...events)
      .when(draft({ charges: [fee] }))
      .thenRefused('DraftStale');
  });
  it.each<[string, readonly ChargeItem[]]>([
    ['is invoiced', [charge('fee', '500.00', { disposition: 'invoiced', invoiceId: 'inv-0' })]],
    ['is of another client', [charge('fee', '500.00', { clientId: 'cli-2' })]],
    ['is of another period', [charge('fee', '500.00', { period: '2026-02' })]],
    ['is named twice', [fee, fee]],
  ])('are refused where one %s', (_case, charges) => given().when(draft({ charges })).thenRefused('ItemNotDraftable'));
  const nzd = (amount: string) => ({ amount, currency: 'NZD' });
  it('are in the currency of the work', () =>
    given()
      .when(draft({ charges: [charge('fee', '500.00', { unitPrice: nzd('500.00'), net: nzd('500.00') })] }))
      .thenRefused('MixedCurrency'));
  it('are on one draft at a time, until it is discarded, and never again once invoiced (L3)', () => {
    const second = draft({ invoiceId: 'inv-2', items: [], charges: [fee] });
    given(...happened(draft()))
      .when(second)
      .thenRefused('ItemAlreadyClaimed');
    given(...happened(draft(), discard))
      .when(second)
      .thenLike({ type: 'InvoiceDrafted' }, { type: 'InvoiceLinesAdded' });
    given(...happened(draft(), approve, issue()))
      .when(second)
      .thenRefused('ItemAlreadyInvoiced');
  });
  it('count towards the most lines of an invoice, and are cut into events of a bounded size', () => {
    const many = Array.from({ length: MAX_LINES_PER_INVOICE }, (_, number) => charge(`fee-${number}`, '1.00'));
    given()
      .when(draft({ charges: many }))
      .thenRefused('TooManyLines');
    const events = happened(draft({ items: [], charges: many }));
    const counts = events.flatMap((event) =>
      event.type === 'InvoiceLinesAdded' ? [(event.data.charges ?? []).length] : [],
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MAX_LINES_PER_INVOICE);
    expect(Math.max(...counts)).toBe(MAX_LINES_PER_EVENT);
  });
});

describe('an invoice with charges', () => {
  it('sums lines and charges, with tax once per category (L5)', () =>
    given(...happened(draft(), approve))
      .when(issue())
      .thenLike({
        data: {
          net: aud('600.00'),
          tax: aud('60.00'),
          total: aud('660.00'),
          taxTotals: [{ taxCategory: 'GST', net: aud('600.00'), tax: aud('60.00') }],
        },
      }));
  it('sums exactly, whatever the charges (L5)', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 }), (cents) => {
        const charges = cents.map((minor, number) => charge(`fee-${number}`, (minor / 100).toFixed(2)));
        const events = happened(draft({ charges }), approve, issue({ charges }));
        const requested = events.at(-1);
        const expected = cents.reduce((sum, minor) => sum + minor, 15_000);
        expect(requested).toMatchObject({ data: { net: aud((expected / 100).toFixed(2)) } });
      }),
      { numRuns: 50 },
    ));
  it('is refused where credits are more than all the rest', () => {
    const charges = [charge('credit', '-150.01')];
    given(...happened(draft({ charges }), approve))
      .when(issue({ charges }))
      .thenRefused('NegativeTotal');
  });
  it('is refused where a charge is gone, dearer, or on another draft by now; and lists how', () => {
    const drafted = [frozenChargeOf(fee)];
    expect(staleCharges(drafted, [fee], 'inv-1')).toEqual([]);
    expect(staleCharges(drafted, [{ ...fee, disposition: 'claimed', invoiceId: 'inv-1' }], 'inv-1')).toEqual([]);
    const elsewhere = { ...fee, disposition: 'claimed', invoiceId: 'inv-2' } as const;
    expect(staleCharges(drafted, [elsewhere], 'inv-1')).toMatchObject([{ difference: 'gone' }]);
    expect(staleCharges(drafted, [], 'inv-1')).toEqual([
      {
        itemId: fee.chargeItemId,
        difference: 'gone',
        fields: { disposition: { drafted: 'claimed', now: 'absent' } },
      },
    ]);
    const dearer = { ...fee, net: aud('510.00') };
    expect(staleCharges(drafted, [dearer], 'inv-1')).toMatchObject([
      {
        itemId: fee.chargeItemId,
        difference: 'changed',
        fields: { net: { drafted: aud('500.00'), now: aud('510.00') } },
      },
    ]);
    given(...happened(draft(), approve))
      .when(issue({ charges: [dearer, credit] }))
      .thenRefused('DraftStale');
    given(...happened(draft(), approve))
      .when(issue({ charges: [] }))
      .thenRefused('DraftStale');
  });
});

describe('prepaid parts', () => {
  it('go along as zero lines with their draw, whether of their work anything is billed or not', () => {
    expect(draftableItems([covered, overage])).toEqual([covered, overage]);
    expect(draftableItems([covered, item('w-2', { workItemId: 'w-2' })])).toHaveLength(2);
    const { draw: _draw, ...included } = covered;
    expect(draftableItems([included])).toEqual([]);
    const [line] = happened(draft({ items: [covered, overage] })).flatMap((event) =>
      event.type === 'InvoiceLinesAdded' ? event.data.lines : [],
    );
    expect(line).toMatchObject({ itemId: 'w-1@p1', net: aud('0.00'), draw: { source: { blockId: 'b-1' } } });
  });
  it('that are unapproved stay out', () =>
    expect(draftableItems([{ ...covered, approval: 'unapproved' }, overage])).toEqual([overage]));
  it('alone are nothing to bill', () =>
    given()
      .when(draft({ items: [covered], charges: [] }))
      .thenRefused('NothingToBill'));
  it('that another document shows are left out of the next, which is quiet on repeat', () => {
    const events = happened(draft({ items: [covered, overage] }));
    const later = draft({ invoiceId: 'inv-2', items: [covered, item('w-1@p3')], charges: [] });
    given(...events)
      .when(later)
      .thenLike({ type: 'InvoiceDrafted' }, { data: { lines: [{ itemId: 'w-1@p3' }] } });
    given(...happened(draft({ items: [covered, overage] }), later))
      .when(later)
      .thenNothing();
  });
  it('make a draft stale where they draw on another block now, or cost something', () => {
    const line = lineOf(covered);
    if (line === null || covered.draw === undefined) throw new Error('no line');
    expect(staleLines([line], [covered], 'inv-1')).toEqual([]);
    const other = { ...covered.draw, source: { ...covered.draw.source, blockId: 'b-2' } };
    const moved = { ...covered, draw: other } as ExplainedItem;
    expect(staleLines([line], [moved], 'inv-1')).toMatchObject([{ difference: 'changed', fields: { draw: {} } }]);
    const { draw: _draw, ...rest } = covered;
    expect(staleLines([line], [{ ...rest, disposition: 'billable', net: aud('150.00') }], 'inv-1')).toMatchObject([
      { difference: 'changed', fields: { net: { now: aud('150.00') } } },
    ]);
  });
  it('never add to the sum', () => {
    const events = happened(draft({ items: [covered, overage], charges: [] }), approve);
    const decision = account.decide(issue({ items: [covered, overage], charges: [] }), fold(account, events));
    expect(decision).toMatchObject([{ data: { net: Money.of('150', 'AUD').toJSON() } }]);
  });
});
