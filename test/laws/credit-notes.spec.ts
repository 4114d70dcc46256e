import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@billtrail/event-store';
import { ReadModels } from '@billtrail/read-models';
import { Msp } from '../scenarios/msp.js';
import { conservation } from './kit/accounted-for.js';
import { issuedCreditNotes, toldCreditNotes, wrongCredits, type ToldCreditNote } from './kit/credit-notes.js';
import { billedTwice, brokenSeries, changedDocuments, toldInvoices, type ToldInvoice } from './kit/documents.js';
import { misread } from './kit/dump.js';
import type { History } from './kit/history.js';
import { observe } from './kit/observed.js';
import { TIMEOUT_MS, lookAt, overHistories } from './kit/run.js';

let msp: Msp;
let events: readonly RecordedEvent[];
let invoices: readonly ToldInvoice[];
let notes: readonly ToldCreditNote[];

/** Two lines invoiced; a part of one goes back, then the other whole, which is billed again. */
beforeAll(async () => {
  msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum');
  const printer = await msp.ticket('T1', 'bluegum');
  await printer.time('W1', 70, '2026-03-02');
  await printer.time('W2', 95, '2026-03-02');
  await printer.resolves();
  await msp.bills('I1', 'bluegum', '2026-03');
  const part = { itemId: 'W1', outcome: 'written-off' as const, net: { amount: '33.33', currency: 'AUD' } };
  await msp.credits('C1', 'I1', 'bluegum', '2026-03', [part]);
  await msp.credits('C2', 'I1', 'bluegum', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }]);
  await msp.bills('I2', 'bluegum', '2026-03');
  events = await msp.house.events();
  invoices = toldInvoices(events);
  notes = toldCreditNotes(events);
});
afterAll(() => msp.closes());

async function told(history: History): Promise<readonly RecordedEvent[]> {
  return history.house.events();
}

describe('L3 net of credit', () => {
  it('finds the item that is billed again where its credit is not there, or was of a part only', () => {
    expect(billedTwice(invoices, events)).toEqual([]);
    const withoutCredits = events.filter(({ type }) => type !== 'CreditNoteLinesAdded');
    expect(billedTwice(invoices, withoutCredits)).toEqual(['bluegum-2026-03 T1 W2 is on I1 and I2']);
    const inPart = events.map((event) =>
      event.type === 'CreditNoteLinesAdded' ? { ...event, data: withWhole(event.data, false) } : event,
    );
    expect(billedTwice(invoices, inPart)).toHaveLength(1);
  });
});

function withWhole(data: object, isWhole: boolean): object {
  const { lines } = data as { lines: readonly object[] };
  return { ...data, lines: lines.map((line) => ({ ...line, isWhole })) };
}

describe('L1 with credits', () => {
  it('finds read models that do not give a credited line free, and such as give a line free of which a part went back', async () => {
    const { model } = await lookAt(msp);
    const observedBy = async (change: (event: RecordedEvent) => RecordedEvent | null) => {
      const models = await ReadModels.open({ file: ':memory:', store: misread(msp.house.billtrail.store, change) });
      await models.catchUp();
      const seen = await observe(models, model.tickets.keys(), '2026-03-02');
      await models.close();
      return conservation(model, seen);
    };
    const unchanged = await observedBy((event) => event);
    expect(unchanged).toEqual([]);
    expect(await observedBy((event) => (event.type === 'CreditNoteLinesAdded' ? null : event))).not.toEqual([]);
    const doubled = await observedBy((event) =>
      event.type === 'CreditNoteLinesAdded' ? { ...event, data: asWrittenOff(event.data) } : event,
    );
    expect(doubled).not.toEqual([]);
  });
});

/** As if what is billed again were written off too: then it is accounted for twice. */
function asWrittenOff(data: object): object {
  const { lines } = data as { lines: readonly object[] };
  return { ...data, lines: lines.map((line) => ({ ...line, outcome: 'written-off', isWhole: true })) };
}

describe('L4 of credit notes', () => {
  const seen = new WeakMap<History, ReadonlyMap<string, string>>();
  it(
    'issued credit notes stay as they are, and their numbers have no hole and no repeat',
    () =>
      overHistories(async (history) => {
        await history.house.settle();
        const log = await told(history);
        const now = issuedCreditNotes(toldCreditNotes(log));
        const findings = [
          ...changedDocuments(seen.get(history) ?? new Map(), now),
          ...brokenSeries(toldInvoices(log), log),
        ];
        seen.set(history, now);
        return findings;
      }),
    TIMEOUT_MS,
  );

  it('finds a credit note without its number, and a number that two of them have', () => {
    expect(brokenSeries(invoices, events)).toEqual([]);
    const unissued = events.filter(({ type }) => type !== 'CreditNoteIssued');
    expect(brokenSeries(invoices, unissued).join('\n')).toContain('C1 waits for its number');
    const repeated = events.map((event) =>
      event.type === 'CreditNoteIssued' ? { ...event, data: { ...event.data, numberInSeries: 1 } } : event,
    );
    expect(brokenSeries(invoices, repeated)).not.toEqual([]);
  });
});

describe('L5 of credit notes', () => {
  it(
    'the tax of all credits is that on all that was credited, and no credit passes its line or its invoice',
    async () => {
      let credited = 0;
      await overHistories(async (history, isEnd) => {
        const log = await told(history);
        const ofHistory = toldCreditNotes(log);
        if (isEnd) credited += ofHistory.length;
        return wrongCredits(toldInvoices(log), ofHistory);
      });
      expect(credited).toBeGreaterThan(20);
    },
    TIMEOUT_MS,
  );

  it('finds tax that is rounded by the note, a cent too much, a line that is not the invoice\u2019s, and a second credit of one', () => {
    expect(wrongCredits(invoices, notes)).toEqual([]);
    const [first, second] = notes as readonly [ToldCreditNote, ToldCreditNote];
    const cents = (amount: string) => ({ amount, currency: 'AUD' });
    const retaxed = (note: ToldCreditNote, tax: string): ToldCreditNote => {
      const taxTotals = note.request.taxTotals.map((total) => ({ ...total, tax: cents(tax) }));
      return { ...note, request: { ...note.request, taxTotals, tax: cents(tax) } };
    };
    const withLine = (note: ToldCreditNote, change: Partial<ToldCreditNote['lines'][number]>): ToldCreditNote => ({
      ...note,
      lines: note.lines.map((line) => ({ ...line, ...change })),
    });
    const [line] = second.lines;
    const wrong: readonly (readonly ToldCreditNote[])[] = [
      [retaxed(first, '3.34'), second],
      [first, retaxed(second, '26.26')],
      [first, withLine(second, { net: cents('262.51') })],
      [first, withLine(second, { line: { ...line!.line, description: 'Other work' } })],
      [first, second, second],
      [first, { ...second, request: { ...second.request, total: cents('0.00') } }],
    ];
    for (const others of wrong) expect(wrongCredits(invoices, others)).not.toEqual([]);
  });
});
