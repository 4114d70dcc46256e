import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InvoiceLine, TaxTotal } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Msp } from '../scenarios/msp.js';
import {
  billedTwice,
  brokenSeries,
  changedDocuments,
  issuedDocuments,
  toldInvoices,
  withoutProvenance,
  wrongFigures,
  wrongSums,
  type ToldInvoice,
} from './kit/documents.js';
import type { History } from './kit/history.js';
import type { Observed } from './kit/observed.js';
import { TIMEOUT_MS, lookAt, overHistories } from './kit/run.js';
import { tellSample } from './kit/sample.js';

let msp: Msp;
let observed: Observed;
let events: readonly RecordedEvent[];
let invoices: readonly ToldInvoice[];
let issued: ToldInvoice & { readonly request: NonNullable<ToldInvoice['request']> };
beforeAll(async () => {
  msp = await tellSample();
  ({ observed } = await lookAt(msp));
  events = await msp.house.events();
  invoices = toldInvoices(events);
  const [first] = invoices;
  if (!first?.request) throw new Error('the sample has no issued invoice');
  issued = { ...first, request: first.request };
});
afterAll(() => msp.closes());

async function told(history: History): Promise<{ events: readonly RecordedEvent[]; invoices: readonly ToldInvoice[] }> {
  const log = await history.house.events();
  return { events: log, invoices: toldInvoices(log) };
}

describe('L3 Billed once', () => {
  it(
    'no item is on two live documents, nor on one and written off, also where two accountants draft at once',
    () =>
      overHistories(async (history) => {
        const log = await told(history);
        return billedTwice(log.invoices, log.events);
      }),
    TIMEOUT_MS,
  );

  it('finds an item on two documents, twice on one, and one that was written off too', () => {
    expect(billedTwice(invoices, events)).toEqual([]);
    expect(billedTwice([...invoices, { ...issued, invoiceId: 'I3' }], events)).toHaveLength(2);
    expect(billedTwice([{ ...issued, lines: [...issued.lines, issued.lines[0]!] }], events)).toHaveLength(1);
    const forgone = events.map((event) =>
      event.type === 'WorkWrittenOff' ? { ...event, stream: 'account-bluegum-2026-02', data: issued.lines[0]! } : event,
    );
    expect(billedTwice(invoices, forgone)).toHaveLength(1);
  });
});

describe('L4 Issued is forever', () => {
  const seen = new WeakMap<History, ReadonlyMap<string, string>>();
  it(
    'issued invoices stay as they are, in the log and in the read model, and their numbers have no hole and no repeat',
    () =>
      overHistories(async (history) => {
        await history.house.settle();
        const log = await told(history);
        const now = issuedDocuments(log.invoices, (await lookAt(history)).observed);
        const findings = [
          ...changedDocuments(seen.get(history) ?? new Map(), now),
          ...brokenSeries(log.invoices, log.events),
        ];
        seen.set(history, now);
        return findings;
      }),
    TIMEOUT_MS,
  );

  it('finds a changed letter in the log or in what is shown, and a document that is gone', () => {
    const before = issuedDocuments(invoices, observed);
    expect([...before.keys()]).toEqual(['I1']);
    expect(changedDocuments(before, issuedDocuments(invoices, observed))).toEqual([]);
    const [line] = issued.lines;
    const relined = [{ ...issued, lines: [{ ...line!, description: 'Other work' }, ...issued.lines.slice(1)] }];
    expect(changedDocuments(before, issuedDocuments(relined, observed))).toHaveLength(1);
    const documents = observed.documents.map((one) => ({ ...one, invoice: { ...one.invoice, approvedBy: 'nobody' } }));
    expect(changedDocuments(before, issuedDocuments(invoices, { ...observed, documents }))).toHaveLength(1);
    expect(changedDocuments(before, new Map())).toHaveLength(1);
  });

  it('finds a hole, a repeat, a number on no invoice and an invoice without its number', () => {
    expect(brokenSeries(invoices, events)).toEqual([]);
    const numbered = (number: number): RecordedEvent[] =>
      events.map((event) =>
        event.type === 'DocumentNumberAssigned' ? { ...event, data: { ...event.data, number } } : event,
      );
    expect(brokenSeries(invoices, numbered(2))).not.toEqual([]);
    expect(brokenSeries(invoices, [...events, ...numbered(1)])).not.toEqual([]);
    expect(brokenSeries([{ ...issued, issued: null }], events)).not.toEqual([]);
    expect(
      brokenSeries(
        invoices,
        events.filter(({ type }) => type !== 'DocumentNumberAssigned'),
      ),
    ).not.toEqual([]);
  });
});

describe('L5 Sums', () => {
  it(
    'lines sum to nets, tax is taken once of each category, and what is shown has the figures of the log',
    () =>
      overHistories(async (history) => {
        const log = await told(history);
        return [...log.invoices.flatMap(wrongSums), ...wrongFigures((await lookAt(history)).observed, log.invoices)];
      }),
    TIMEOUT_MS,
  );

  it('finds a cent in a line, a net, a tax or a total, tax by the line, and tax of an exempt buyer', () => {
    expect(wrongSums(issued)).toEqual([]);
    const { request } = issued;
    const cents = (amount: string) => ({ amount, currency: 'AUD' });
    const [total] = request.taxTotals as readonly [TaxTotal];
    expect([request.net.amount, request.tax.amount]).toEqual(['247.47', '24.75']);
    const wrong: readonly ToldInvoice[] = [
      { ...issued, lines: issued.lines.map((line) => ({ ...line, net: cents('0.01') })) },
      { ...issued, request: { ...request, net: cents('247.48') } },
      // 18.75 of one line and 5.997, so 6.00, of the other come to the same here; 24.74 is cut off instead of rounded.
      { ...issued, request: { ...request, tax: cents('24.74'), taxTotals: [{ ...total, tax: cents('24.74') }] } },
      { ...issued, request: { ...request, total: cents('272.21') } },
      { ...issued, request: { ...request, taxTotals: [total, total] } },
      { ...issued, request: { ...request, taxExemption: 'export' } },
      { ...issued, request: { ...request, net: { amount: '247.47', currency: 'USD' } } },
    ];
    for (const one of wrong) expect(wrongSums(one)).not.toEqual([]);
  });

  it('finds a document that is shown with other lines or figures, or not at all', () => {
    expect(wrongFigures(observed, invoices)).toEqual([]);
    const [first, ...others] = observed.documents;
    const shown = (change: Partial<typeof first>): Observed => ({
      ...observed,
      documents: [{ ...first!, ...change }, ...others],
    });
    expect(wrongFigures(shown({ lines: [] }), invoices)).toHaveLength(1);
    expect(
      wrongFigures(shown({ invoice: { ...first!.invoice, total: { amount: '0.00', currency: 'AUD' } } }), invoices),
    ).toHaveLength(1);
    expect(wrongFigures({ ...observed, documents: others }, invoices)).toHaveLength(1);
  });
});

describe('L6 Provenance', () => {
  it(
    'every line names events of its work that are in the log, a contract version that exists, and how its price came about',
    () =>
      overHistories(async (history) => {
        const log = await told(history);
        return withoutProvenance(log.invoices, log.events);
      }),
    TIMEOUT_MS,
  );

  it('finds a line without events, with events of other work, under no contract version, or with a trace that says otherwise', () => {
    expect(withoutProvenance(invoices, events)).toEqual([]);
    const [line] = issued.lines as readonly [InvoiceLine];
    const foreign = events.find(({ type, stream }) => type === 'TimeEntryLogged' && stream === 'ticket-T2');
    const wrong: readonly Partial<InvoiceLine>[] = [
      { sourceEventIds: [] },
      { sourceEventIds: ['no-such-event'] },
      { sourceEventIds: [foreign!.id] },
      { contractVersion: 7 },
      { workDate: '2025-12-31' },
      { trace: [] },
      ...line.trace.map(({ step }) => ({ trace: line.trace.filter((one) => one.step !== step) })),
      { trace: line.trace.map((one) => ({ ...one, text: '' })) },
      { net: { amount: '0.01', currency: 'AUD' } },
    ];
    for (const change of wrong)
      expect(withoutProvenance([{ ...issued, lines: [{ ...line, ...change }] }], events)).not.toEqual([]);
  });
});
