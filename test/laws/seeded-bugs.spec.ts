import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaxTotal } from '@billtrail/billing';
import type { Msp } from '../scenarios/msp.js';
import type { ToldCreditNote } from './kit/credit-notes.js';
import { lookAt, type Look } from './kit/look.js';
import {
  tellCredits,
  tellDraftOfOtherMinimum,
  tellGivenBack,
  tellSample,
  tellSharedMinimum,
  tellSharedPrice,
} from './kit/sample.js';
import * as bugs from './kit/seeded.js';

const { cents, findings } = bugs;

let sample: Msp;
let credits: Msp;
let look: Look;
let creditLook: Look;
beforeAll(async () => {
  [sample, credits] = [await tellSample(), await tellCredits()];
  for (const { house } of [sample, credits]) await house.settle();
  [look, creditLook] = [await lookAt(sample, { isSettled: true }), await lookAt(credits, { isSettled: true })];
  [look, creditLook] = [look, creditLook].map((one) => ({ ...one, issuedBefore: one.issuedNow })) as [Look, Look];
});
afterAll(() => Promise.all([sample.closes(), credits.closes()]));

describe('L1 Conservation', () => {
  it('finds an item that is missing, a minute too many, a cent too few, and a piece that is not there', () => {
    expect(findings('L1', look, bugs.item(look, 'W6', null))).toHaveLength(4);
    expect(findings('L1', look, bugs.item(look, 'W2', { actualMinutes: 26 }))).toHaveLength(4);
    expect(findings('L1', look, bugs.item(look, 'W6', { net: cents('149.99') }))).toHaveLength(1);
    expect(findings('L1', look, bugs.item(look, 'W1@a1', { net: cents('75.01') }))).toHaveLength(1);
    expect(findings('L1', look, bugs.item(look, 'W2', { net: cents('0.01') }))).toHaveLength(1);
    expect(findings('L1', look, bugs.item(look, 'M5', { quantity: '1.001' }))).toHaveLength(4);
  });
});

describe('L1 of a minimum that several share', () => {
  it('finds the gap that is missing where one is gone, and a gap that tells it twice', async () => {
    const shared = await tellSharedMinimum();
    await shared.house.settle();
    const told = await lookAt(shared, { isSettled: true });
    const { derivedGaps } = told.observed;
    expect(findings('L1', told, {})).toEqual([]);
    const silent = derivedGaps.filter(({ kind }) => kind !== 'contract-mismatch');
    expect(derivedGaps.length - silent.length).toBe(1);
    expect(findings('L1', told, bugs.seen(told, { derivedGaps: silent }))).toHaveLength(1);
    const twice = [...derivedGaps, ...derivedGaps.filter(({ kind }) => kind === 'contract-mismatch')];
    expect(findings('L1', told, bugs.seen(told, { derivedGaps: twice }))).toHaveLength(1);
    await shared.closes();
  });

  it('takes the work of a draft for what it is worth by now, beside the gap of what the draft asks', async () => {
    const drafted = await tellDraftOfOtherMinimum();
    await drafted.house.settle();
    const told = await lookAt(drafted, { isSettled: true });
    const { items, derivedGaps } = told.observed;
    expect(items.map(({ disposition, net }) => `${disposition} ${net?.amount}`)).toEqual(['claimed 150.00']);
    expect(derivedGaps.map(({ kind, valueAtRisk: { money } }) => `${kind} ${money?.amount}`)).toEqual([
      'contract-mismatch 75.00',
    ]);
    expect(findings('L1', told, {})).toEqual([]);
    expect(findings('L1', told, bugs.item(told, 'W1', { net: cents('75.00') }))).not.toEqual([]);
    await drafted.closes();
  });
});

describe('L1 of a price that two share, and one of them is gone', () => {
  const flat = { workTypes: [{ workType: 'remote', mode: 'flat' as const, price: '140.00', per: 'ticket' as const }] };
  const hour = { minimum: 60, increment: 60, scope: 'ticket' as const };

  it.each([
    ['a flat price, written off', flat, 'written-off', ['W1@a1 -140.00', 'W2 0.00', 'W2@a1 140.00']],
    ['a flat price, invoiced', flat, 'invoiced', ['W1@a1 -140.00', 'W2 0.00', 'W2@a1 140.00']],
    ['a minimum, written off', hour, 'written-off', ['W1@a1 -75.00', 'W2 75.00', 'W2@a1 75.00']],
    ['a minimum, invoiced', hour, 'invoiced', ['W1@a1 -75.00', 'W2 75.00', 'W2@a1 75.00']],
  ] as const)('finds where the other was not asked it, or asked it twice: %s', async (_, terms, settled, items) => {
    const shared = await tellSharedPrice(terms, settled);
    const told = await lookAt(shared, { isSettled: true });
    expect(told.observed.items.slice(1).map(({ itemId, net }) => `${itemId} ${net?.amount}`)).toEqual(items);
    const asked = told.observed.items.find(({ itemId }) => itemId === 'W2@a1')?.net?.amount ?? '0';
    expect(findings('L1', told, bugs.item(told, 'W2@a1', { net: cents('0.00') }))).toHaveLength(1);
    expect(findings('L1', told, bugs.item(told, 'W2@a1', { net: cents(`2${asked}`) }))).toHaveLength(1);
    await shared.closes();
  });
});

describe('L2 No silence', () => {
  it('finds the silence that each missing gap would leave', () => {
    const { derivedGaps } = look.observed;
    const kinds = new Set(derivedGaps.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['time-unapproved', 'unbilled', 'unpriced', 'work-not-recorded']);
    for (const kind of kinds) {
      const others = derivedGaps.filter((gap) => gap.kind !== kind);
      expect(findings('L2', look, bugs.seen(look, { derivedGaps: others }))).not.toEqual([]);
    }
  });

  it('finds a gap that comes a day late, work without an item, and a ticket that is told to be well', () => {
    const { derivedGaps, fates } = look.observed;
    const late = derivedGaps.map((gap) => (gap.dueOn === null ? gap : { ...gap, dueOn: '2026-03-17' }));
    expect(findings('L2', look, bugs.seen(look, { derivedGaps: late })).join('\n')).toContain(
      'W1@a1 (billable, approved) is in silence',
    );
    expect(findings('L2', look, bugs.item(look, 'W2', null))).toEqual(['T2 W2 has no item']);
    const well = fates.map((one) => (one.ticketId === 'T4' ? { ...one, fate: 'covered' as const } : one));
    expect(findings('L2', look, bugs.seen(look, { fates: well }))).toEqual(['T4 is told to be covered']);
  });

  it('finds a ticket that is told to have ended otherwise than it did: billed, written off, accepted or covered', () => {
    const { fates, reconciliation } = look.observed;
    expect(fates.find(({ ticketId }) => ticketId === 'T2')?.fate).toBe('covered');
    for (const fate of ['billed', 'written-off', 'accepted'] as const) {
      const told = fates.map((one) => (one.ticketId === 'T2' ? { ...one, fate } : one));
      expect(findings('L2', look, bugs.seen(look, { fates: told }))).toEqual([
        `T2 is told to be ${fate}, and is covered`,
      ]);
      const disposition = { billed: 'invoiced', 'written-off': 'written-off', accepted: 'billable' } as const;
      const became = bugs.item(look, 'W2', { disposition: disposition[fate] });
      expect(findings('L2', look, became)).toContain(`T2 is told to be covered, and is ${fate}`);
    }
    const tickets = { ...reconciliation.tickets, covered: reconciliation.tickets.covered + 1 };
    expect(findings('L2', look, bugs.seen(look, { reconciliation: { ...reconciliation, tickets } }))).toHaveLength(1);
  });
});

describe('L2 of parts that texts name', () => {
  it('finds words that were not recorded, or others, and a gap that tells none of them', () => {
    const change = (materialWords: readonly string[] | undefined) =>
      bugs.logged(
        look,
        look.events.map((event) =>
          event.type === 'TicketRequested' ? { ...event, data: { ...event.data, materialWords } } : event,
        ),
      );
    expect(findings('L2', look, change(undefined)).join('\n')).toContain('was recorded otherwise');
    expect(findings('L2', look, change(['toner'])).join('\n')).toContain('was recorded otherwise');
    const texts = look.events.map((event) =>
      event.type === 'TicketResolved'
        ? { ...event, data: { ...event.data, resolution: 'New SSD', materialWords: ['SSD'] } }
        : event,
    );
    expect(findings('L2', look, bugs.logged(look, texts)).join('\n')).toContain('names ssd, and its gap tells ');
  });
});

describe('L3 Billed once', () => {
  it('finds an item on two documents, twice on one, and one that was written off too', () => {
    const issued = bugs.firstIssued(look);
    const again = { ...issued, invoiceId: 'I3' };
    expect(findings('L3', look, { invoices: [...look.invoices, again] })).toHaveLength(4);
    const twice = { ...issued, lines: [...issued.lines, issued.lines[0]!] };
    expect(findings('L3', look, { invoices: [twice] })).toHaveLength(2);
    const forgone = look.events.map((event) =>
      event.type === 'WorkWrittenOff' ? { ...event, stream: 'account-bluegum-2026-02', data: issued.lines[0]! } : event,
    );
    expect(findings('L3', look, { events: forgone })).toHaveLength(1);
  });

  it('finds the item that is billed again where its credit is not there, or was of a part only', () => {
    expect(findings('L3', creditLook, bugs.without(creditLook, 'CreditNoteLinesAdded'))).toEqual([
      'bluegum-2026-03 T1 W2 is on I1 and I2',
      'T1 W2: 95 recorded, 190 on I1 and I2',
    ]);
    const inPart = bugs.rewritten(creditLook, 'CreditNoteLinesAdded', (data) =>
      bugs.linesOf(data, (line) => ({ ...line, isWhole: false })),
    );
    expect(findings('L3', creditLook, inPart)).toHaveLength(2);
  });
});

describe('L4 Issued is forever', () => {
  it('finds a changed letter in the log or in what is shown, and a document that is gone', () => {
    expect([...look.issuedNow.keys()]).toEqual(['I1']);
    const relined = bugs.rewritten(look, 'InvoiceLinesAdded', (data) =>
      bugs.linesOf(data, (line) => ({ ...line, description: 'Other work' })),
    );
    // And it is not what was approved.
    expect(findings('L4', look, relined)).toHaveLength(2);
    const documents = look.observed.documents.map((one) => ({
      ...one,
      invoice: { ...one.invoice, approvedBy: 'nobody' },
    }));
    const shown: Look = { ...look, ...bugs.seen(look, { documents }) };
    expect(findings('L4', look, bugs.logged(shown, look.events))).toHaveLength(1);
    expect(findings('L4', look, { issuedNow: new Map() })).toHaveLength(1);
  });

  it('finds a document that is issued with another buyer, tax or term of payment than was approved, and an approval of another draft', () => {
    const requested = (change: object) =>
      bugs.rewritten(look, 'InvoiceIssueRequested', (data) => ({ ...data, ...change }));
    const { buyer, taxTotals } = bugs.firstIssued(look).request;
    const [tax] = taxTotals as readonly [TaxTotal];
    const changes = [
      { buyer: { ...buyer, address: '9 Elsewhere Lane' } },
      { taxTotals: [{ ...tax, reason: 'exempt body' }] },
      { terms: 'Due on receipt' },
    ];
    for (const change of changes) expect(findings('L4', look, requested(change))).toHaveLength(2);
    const other = bugs.rewritten(look, 'InvoiceApproved', (data) => ({ ...data, hash: '0'.repeat(64) }));
    expect(findings('L4', look, other)).toHaveLength(1);
  });

  it('finds a hole, a repeat, a number on no invoice and an invoice without its number', () => {
    const numbered = (number: number) =>
      bugs.rewritten(look, 'DocumentNumberAssigned', (data) => ({ ...data, number }));
    expect(findings('L4', look, numbered(2))).not.toEqual([]);
    const repeated = [...look.events, ...look.events.filter(({ type }) => type === 'DocumentNumberAssigned')];
    expect(findings('L4', look, { events: repeated })).not.toEqual([]);
    expect(findings('L4', look, { invoices: [{ ...bugs.firstIssued(look), issued: null }] })).not.toEqual([]);
    expect(findings('L4', look, bugs.without(look, 'DocumentNumberAssigned'))).not.toEqual([]);
  });

  it('finds a credit note without its number, and a number that two of them have', () => {
    const unissued = bugs.without(creditLook, 'CreditNoteIssued');
    expect(findings('L4', creditLook, unissued).join('\n')).toContain('C1 waits for its number');
    const repeated = bugs.rewritten(creditLook, 'CreditNoteIssued', (data) => ({ ...data, numberInSeries: 1 }));
    expect(findings('L4', creditLook, repeated)).not.toEqual([]);
  });
});

describe('L5 Sums', () => {
  it('finds a cent in a line, a net, a tax or a total, tax by the line, and tax of an exempt buyer', () => {
    const { request } = bugs.firstIssued(look);
    const [total] = request.taxTotals as readonly [TaxTotal];
    expect([request.net.amount, request.tax.amount]).toEqual(['247.47', '24.75']);
    const wrong: readonly Partial<typeof request>[] = [
      { net: cents('247.48') },
      // 18.75 of one line and 5.997, so 6.00, of the other come to the same here; 24.74 is cut off instead of rounded.
      { tax: cents('24.74'), taxTotals: [{ ...total, tax: cents('24.74') }] },
      { total: cents('272.21') },
      { taxTotals: [total, total] },
      { taxExemption: 'export' },
      { net: { amount: '247.47', currency: 'USD' } },
    ];
    for (const change of wrong)
      expect(findings('L5', look, bugs.invoiced(look, { request: { ...request, ...change } }))).not.toEqual([]);
    expect(
      findings(
        'L5',
        look,
        bugs.withLines(look, () => ({ net: cents('0.01') })),
      ),
    ).not.toEqual([]);
  });

  it('finds a document that is shown with other lines or figures, or not at all', () => {
    const [first, ...others] = look.observed.documents;
    const total = { ...first!.invoice, total: cents('0.00') };
    for (const documents of [[{ ...first!, lines: [] }, ...others], [{ ...first!, invoice: total }, ...others], others])
      expect(findings('L5', look, bugs.seen(look, { documents }))).toHaveLength(1);
  });

  it('finds tax that is rounded by the note, a cent too much, a line that is not the invoice\u2019s, and a second credit of one', () => {
    const retaxed =
      (tax: string) =>
      (note: ToldCreditNote): ToldCreditNote => {
        const taxTotals = note.request.taxTotals.map((total) => ({ ...total, tax: cents(tax) }));
        return { ...note, request: { ...note.request, taxTotals, tax: cents(tax) } };
      };
    const relined =
      (change: (line: ToldCreditNote['lines'][number]) => Partial<ToldCreditNote['lines'][number]>) =>
      (note: ToldCreditNote): ToldCreditNote => ({
        ...note,
        lines: note.lines.map((line) => ({ ...line, ...change(line) })),
      });
    const wrong: readonly Partial<Look>[] = [
      bugs.credited(creditLook, 0, retaxed('3.34')),
      bugs.credited(creditLook, 1, retaxed('26.26')),
      bugs.credited(
        creditLook,
        1,
        relined(() => ({ net: cents('262.51') })),
      ),
      bugs.credited(
        creditLook,
        1,
        relined(({ line }) => ({ line: { ...line, description: 'Other work' } })),
      ),
      { creditNotes: [...creditLook.creditNotes, creditLook.creditNotes[1]!] },
      bugs.credited(creditLook, 1, (note) => ({ ...note, request: { ...note.request, total: cents('0.00') } })),
    ];
    for (const bug of wrong) expect(findings('L5', creditLook, bug)).not.toEqual([]);
  });
});

describe('L5 Sums, over all documents', () => {
  let given: Msp;
  let givenLook: Look;
  beforeAll(async () => {
    given = await tellGivenBack();
    await given.house.settle();
    givenLook = await lookAt(given, { isSettled: true });
  });
  afterAll(() => given.closes());

  it('gives the tax of an invoice back to the cent by a note of it, a note of none and a line of a later invoice', async () => {
    // 3 x 33.35 at 10 %: 10.01; by thirds 3.34, 6.67 and 10.01. 150.00 - 33.35 at 10 %: 11.67 (11.665).
    expect((await given.document('I1')).at(-1)).toBe('100.05 + 10.01 = 110.06 AUD');
    expect((await given.creditNote('C1')).at(-1)).toBe('33.35 + 3.34 = 36.69 AUD');
    expect((await given.creditNote('C2')).at(-1)).toBe('33.35 + 3.33 = 36.68 AUD');
    expect((await given.document('I2')).at(-1)).toBe('116.65 + 11.67 = 128.32 AUD');
    const { items } = await given.house.billtrail.models.invoices.charges('I2');
    expect(items.map(({ creditOf }) => [creditOf?.difference.amount, creditOf?.tax?.amount])).toEqual([
      ['-33.35', '-3.34'],
    ]);
  });

  it('finds a cent more tax that a note of no invoice gives back, though the note itself adds up', () => {
    const more = (note: ToldCreditNote): ToldCreditNote => {
      const charges = note.charges.map((one) => {
        const taxes = one.charge.taxes.map((tax) => ({ ...tax, tax: cents('-3.34') }));
        return { ...one, charge: { ...one.charge, taxes } };
      });
      const taxTotals = note.request.taxTotals.map((total) => ({ ...total, tax: cents('3.34') }));
      return { ...note, charges, request: { ...note.request, taxTotals, tax: cents('3.34'), total: cents('36.69') } };
    };
    expect(findings('L5', givenLook, bugs.credited(givenLook, 1, more))).toEqual([
      'I1, GST at 10: 1002 of tax is given back on 10005',
      'I1, GST at 10: 1002 of 1001 of tax is given back by all documents',
    ]);
  });

  it('finds what a third note gives back again', () => {
    const again = [...givenLook.creditNotes, givenLook.creditNotes[1]!];
    expect(findings('L5', givenLook, { creditNotes: again })).toContain(
      'I1, GST at 10: 13340 of 10005 of net is given back by all documents',
    );
  });
});

describe('L6 Provenance', () => {
  it('finds a line without events, with events of other work, under no contract version, or with a trace that says otherwise', () => {
    const foreign = look.events.find(({ type, stream }) => type === 'TimeEntryLogged' && stream === 'ticket-T2');
    const [line] = bugs.firstIssued(look).lines;
    const wrong: readonly Parameters<typeof bugs.withLines>[1][] = [
      () => ({ sourceEventIds: [] }),
      () => ({ sourceEventIds: ['no-such-event'] }),
      () => ({ sourceEventIds: [foreign!.id] }),
      () => ({ contractVersion: 7 }),
      () => ({ workDate: '2025-12-31' }),
      () => ({ trace: [] }),
      ...line!.trace.map(({ step }): Parameters<typeof bugs.withLines>[1] => ({ trace }) => ({
        trace: trace.filter((one) => one.step !== step),
      })),
      ({ trace }) => ({ trace: trace.map((one) => ({ ...one, text: '' })) }),
      () => ({ net: cents('0.01') }),
    ];
    for (const change of wrong) expect(findings('L6', look, bugs.withLines(look, change))).not.toEqual([]);
  });
});

describe('L7 Derived equals recorded', () => {
  it('finds a gap that is not recorded, one that is not derived, one of another value and one of another client', () => {
    const { derivedGaps, recordedGaps } = look.observed;
    const open = recordedGaps.find(({ state }) => state === 'open')!;
    const others = recordedGaps.filter((gap) => gap !== open);
    const wrong: readonly Partial<Look['observed']>[] = [
      { recordedGaps: others },
      { derivedGaps: derivedGaps.filter(({ key }) => key !== open.key) },
      { recordedGaps: [...others, { ...open, valueAtRisk: { money: null, minutes: 1 } }] },
      { recordedGaps: [...others, { ...open, clientId: 'harbour' }] },
      {
        recordedGaps: recordedGaps.map((gap) =>
          gap.state === 'accepted' ? { ...gap, state: 'closed' as const } : gap,
        ),
      },
    ];
    expect(recordedGaps.some(({ state }) => state === 'accepted')).toBe(true);
    for (const change of wrong) expect(findings('L7', look, bugs.seen(look, change))).not.toEqual([]);
  });
});
