import type { RecordedEvent } from '@billtrail/event-store';
import type {
  AccountEvent,
  DocumentNumberAssigned,
  InvoiceIssued,
  InvoiceIssueRequested,
  InvoiceLine,
  TaxTotal,
} from '@billtrail/billing';
import type { ContractVersionPublished } from '@billtrail/contracts';
import type { Findings } from './law.js';
import { toldCreditNotes } from './credit-notes.js';
import { ownId } from './model.js';
import { fraction, halfUp, minorUnits } from './price.js';
import type { Observed } from './observed.js';

/** A document as the log tells it. */
export interface ToldInvoice {
  readonly invoiceId: string;
  readonly account: string;
  readonly lines: readonly InvoiceLine[];
  readonly discarded: boolean;
  readonly request: InvoiceIssueRequested['data'] | null;
  readonly issued: InvoiceIssued['data'] | null;
}

export function toldInvoices(events: readonly RecordedEvent[]): readonly ToldInvoice[] {
  const told = new Map<string, ToldInvoice>();
  for (const recorded of events) {
    if (!recorded.stream.startsWith('account-')) continue;
    const { type, data } = recorded as unknown as AccountEvent;
    if (type === 'WorkWrittenOff' || isOfCreditNote(type)) continue;
    const { invoiceId } = data;
    const account = recorded.stream.slice('account-'.length);
    const known = told.get(invoiceId) ?? {
      invoiceId,
      account,
      lines: [],
      discarded: false,
      request: null,
      issued: null,
    };
    if (type === 'InvoiceLinesAdded') told.set(invoiceId, { ...known, lines: [...known.lines, ...data.lines] });
    else if (type === 'InvoiceDraftDiscarded') told.set(invoiceId, { ...known, discarded: true });
    else if (type === 'InvoiceIssueRequested') told.set(invoiceId, { ...known, request: data });
    else if (type === 'InvoiceIssued') told.set(invoiceId, { ...known, issued: data });
    else told.set(invoiceId, known);
  }
  return [...told.values()];
}

function isOfCreditNote(type: AccountEvent['type']): boolean {
  return type === 'CreditNoteIssueRequested' || type === 'CreditNoteLinesAdded' || type === 'CreditNoteIssued';
}

/**
 * L3: an item is on at most one line of the live documents of its account, drafts among them, net of credit, and on none once it was written
 * off.
 */
export function billedTwice(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const holders = new Map<string, string[]>();
  const hold = (item: string, holder: string): void => void holders.set(item, [...(holders.get(item) ?? []), holder]);
  for (const { invoiceId, account, lines, discarded } of invoices)
    if (!discarded) for (const { ticketId, itemId } of lines) hold(`${account} ${ticketId} ${itemId}`, invoiceId);
  for (const recorded of events) {
    const { type, data } = recorded as unknown as AccountEvent;
    const account = recorded.stream.slice('account-'.length);
    if (type === 'WorkWrittenOff') hold(`${account} ${data.ticketId} ${data.itemId}`, 'write-off');
    if (type !== 'CreditNoteLinesAdded') continue;
    for (const { line, outcome, isWhole } of data.lines) {
      const item = `${account} ${line.ticketId} ${line.itemId}`;
      if (outcome === 'corrected') hold(item, data.creditNoteId);
      else if (isWhole) {
        holders.set(
          item,
          (holders.get(item) ?? []).filter((id) => id !== data.invoiceId),
        );
        if (outcome === 'written-off') hold(item, 'write-off');
      }
    }
  }
  return [...holders].filter(([, ids]) => ids.length > 1).map(([item, ids]) => `${item} is on ${ids.join(' and ')}`);
}

/** What must stay as it is of issued documents: what the log says of each and what the read model shows, as text. */
export function issuedDocuments(
  invoices: readonly ToldInvoice[],
  { documents }: Observed,
): ReadonlyMap<string, string> {
  const shown = new Map(documents.map((document) => [document.invoice.invoiceId, document]));
  return new Map(
    invoices
      .filter(({ issued }) => issued !== null)
      .map((told) => [told.invoiceId, JSON.stringify([told, withoutCredits(shown.get(told.invoiceId))])]),
  );
}

/** The document as it was issued: what credit notes say of it is told beside it, and is no part of it. */
function withoutCredits(document: Observed['documents'][number] | undefined): unknown {
  if (!document) return undefined;
  const { credited: _, ...invoice } = document.invoice;
  const lines = document.lines.map((line) => {
    const { credits: __, ...rest } = line;
    return rest;
  });
  return { invoice, lines };
}

/** L4: every document issued before is still there, letter by letter. */
export function changedDocuments(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Findings {
  return [...before]
    .filter(([id, text]) => now.get(id) !== text)
    .map(([id, text]) => `${id} was ${text}, and is ${now.get(id)}`);
}

/** L4: the numbers of each series are 1 to n, in the order of their assignment, and each is on exactly one issued document. */
export function brokenSeries(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const findings: string[] = [];
  const documents = [
    ...invoices.map((one) => ({ documentId: one.invoiceId, request: one.request, issued: one.issued })),
    ...toldCreditNotes(events).map((one) => ({
      documentId: one.request.creditNoteId,
      request: one.request,
      issued: one.issued,
    })),
  ];
  const last = new Map<string, number>();
  for (const { type, data } of events) {
    if (type !== 'DocumentNumberAssigned') continue;
    const { series, number, documentId, formatted } = data as DocumentNumberAssigned['data'];
    if (number !== (last.get(series) ?? 0) + 1)
      findings.push(`${series}: ${number} comes after ${last.get(series) ?? 0}`);
    last.set(series, number);
    const issued = documents.filter((one) => one.issued?.series === series && one.issued.numberInSeries === number);
    if (issued.length !== 1 || issued[0]?.documentId !== documentId || issued[0].issued?.number !== formatted)
      findings.push(
        `${formatted} was given to ${documentId}, and is on ${issued.map((one) => one.documentId).join(', ')}`,
      );
  }
  const numbered = [...last.values()].reduce((sum, number) => sum + number, 0);
  const issued = documents.filter((one) => one.issued !== null);
  if (numbered !== issued.length) findings.push(`${issued.length} documents are issued with ${numbered} numbers`);
  findings.push(
    ...documents
      .filter((one) => one.request && !one.issued)
      .map(({ documentId }) => `${documentId} waits for its number`),
  );
  return findings;
}

function minorOf({ amount, currency }: { readonly amount: string; readonly currency: string }): bigint {
  const { over, under } = fraction(amount.replace('-', ''));
  const absolute = halfUp(over * minorUnits(currency), under);
  return amount.startsWith('-') ? -absolute : absolute;
}

/** L5: lines sum to nets, tax is taken once of each category's net at its rate, and all sum to the total. */
export function wrongSums({ invoiceId, lines, request }: ToldInvoice): Findings {
  if (request === null) return [];
  const findings: string[] = [];
  const say = (what: string, is: bigint, must: bigint): void => {
    if (is !== must) findings.push(`${invoiceId}: ${what} is ${is}, and must be ${must}`);
  };
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  const categories = new Set([
    ...lines.map((line) => line.taxCategory),
    ...request.taxTotals.map((one) => one.taxCategory),
  ]);
  for (const category of categories) {
    const totals = request.taxTotals.filter((one) => one.taxCategory === category);
    const net = sum(lines.filter((line) => line.taxCategory === category).map((line) => minorOf(line.net)));
    const [total] = totals;
    if (!total || totals.length !== 1) findings.push(`${invoiceId}: ${category} has ${totals.length} totals`);
    else {
      say(`the net of ${category}`, minorOf(total.net), net);
      say(`the tax of ${category}`, minorOf(total.tax), taxOn(total, net));
    }
    if (request.taxExemption !== null && total?.rate !== '0')
      findings.push(`${invoiceId} is exempt, and ${category} is at ${total?.rate} %`);
  }
  say('the net', minorOf(request.net), sum(lines.map((line) => minorOf(line.net))));
  say('the tax', minorOf(request.tax), sum(request.taxTotals.map((one) => minorOf(one.tax))));
  say('the total', minorOf(request.total), minorOf(request.net) + minorOf(request.tax));
  const currencies = new Set([
    ...lines.map((line) => line.net.currency),
    request.net.currency,
    request.tax.currency,
    request.total.currency,
  ]);
  if (currencies.size !== 1) findings.push(`${invoiceId} is in ${[...currencies].join(' and ')}`);
  return findings;
}

function taxOn({ rate }: TaxTotal, net: bigint): bigint {
  const percent = fraction(rate);
  return halfUp(net * percent.over, 100n * percent.under);
}

/** L5 of what is shown: the read model's document has the figures of the log. */
export function wrongFigures({ documents }: Observed, invoices: readonly ToldInvoice[]): Findings {
  return invoices.flatMap((told) => {
    const shown = documents.find(({ invoice }) => invoice.invoiceId === told.invoiceId);
    if (!shown) return [`${told.invoiceId} is not shown`];
    const { net, tax, total, lineCount } = shown.invoice;
    const lines = shown.lines.map((numbered) => {
      const { lineNumber: _, credits: __, ...line } = numbered;
      return line;
    });
    const isRight =
      JSON.stringify(lines) === JSON.stringify(told.lines) &&
      lineCount === told.lines.length &&
      minorOf(net) === told.lines.reduce((sum, line) => sum + minorOf(line.net), 0n) &&
      (told.request === null ||
        JSON.stringify([net, tax, total]) === JSON.stringify([told.request.net, told.request.tax, told.request.total]));
    return isRight ? [] : [`${told.invoiceId} is shown with other figures`];
  });
}

/** L6: every line names events of its own work that are in the log, a contract version that was in force, and how its price came about. */
export function withoutProvenance(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const byId = new Map(events.map((event) => [event.id, event]));
  const versions = new Map(
    events
      .filter(({ type }) => type === 'ContractVersionPublished')
      .map(({ data }) => data as ContractVersionPublished['data'])
      .map((version) => [`${version.contractId} ${version.versionNumber}`, version]),
  );
  const requestedAt = new Map(
    events
      .filter(({ type }) => type === 'InvoiceIssueRequested')
      .map(({ data, position }) => [(data as InvoiceIssueRequested['data']).invoiceId, position]),
  );
  return invoices.flatMap(({ invoiceId, lines }) =>
    lines.flatMap((line) => {
      const at = `${invoiceId} ${line.itemId}`;
      const findings: string[] = [];
      if (line.sourceEventIds.length === 0) findings.push(`${at} names no event`);
      for (const id of line.sourceEventIds) {
        const source = byId.get(id);
        if (!source) findings.push(`${at} names ${id}, which is not in the log`);
        else if (source.stream !== `ticket-${line.ticketId}` || !isOfWork(source.data, ownId(line)))
          findings.push(`${at} names ${source.type} of ${source.stream}, which is not of its work`);
      }
      const version = versions.get(`${line.contractId} ${line.contractVersion}`);
      if (!version)
        findings.push(`${at} names ${line.contractId} version ${line.contractVersion}, which does not exist`);
      else if (version.effectiveFrom > line.workDate && line.itemId === line.workItemId)
        findings.push(`${at} is of ${line.workDate}, before its contract version of ${version.effectiveFrom}`);
      return [...findings, ...unnamedSources(at, line, requestedAt.get(invoiceId), events), ...traceFindings(at, line)];
    }),
  );
}

function isOfWork(data: object, id: string): boolean {
  const { timeEntryId, materialUsageId, expenseId } = data as Readonly<Record<string, unknown>>;
  return [timeEntryId, materialUsageId, expenseId].includes(id);
}

const RECORDS: ReadonlySet<string> = new Set([
  'TimeEntryLogged',
  'TimeEntryCorrected',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'ExpenseIncurred',
  'ExpenseCorrected',
]);

/**
 * Events that recorded or corrected the work of an issued line before its issue, and that it does not name. A credit for work that is gone has
 * no work to tell of: it names what the item that it takes back named.
 */
function unnamedSources(
  at: string,
  line: InvoiceLine,
  issuedAt: number | undefined,
  events: readonly RecordedEvent[],
): Findings {
  if (issuedAt === undefined || !line.trace.some(({ step }) => step === 'work')) return [];
  const sources = events.filter(
    ({ type, stream, position, data }) =>
      RECORDS.has(type) && position < issuedAt && stream === `ticket-${line.ticketId}` && isOfWork(data, ownId(line)),
  );
  return sources
    .filter(({ id }) => !line.sourceEventIds.includes(id))
    .map(({ type, id }) => `${at} does not name ${type} ${id}`);
}

/** A line of its own tells all steps; an adjustment at least what it adjusts. What the steps say must be what the line says. */
function traceFindings(at: string, line: InvoiceLine): Findings {
  const steps = line.trace.map(({ step }) => step);
  const isAdjustment = line.itemId !== line.workItemId;
  const needed = isAdjustment
    ? ['adjustment']
    : ['work', 'contract', 'coverage', 'rate', 'amount', ...(line.kind === 'time' ? ['billable-time'] : [])];
  const missing = needed
    .filter((step) => !steps.includes(step as (typeof steps)[number]))
    .map((step) => `${at} has no step ${step}`);
  const last = line.trace.findLast(({ step }) => step === (isAdjustment ? 'adjustment' : 'amount'));
  const told = isAdjustment ? last?.facts['difference'] : last?.facts['net'];
  const contract = line.trace.findLast(({ step }) => step === 'contract');
  const wrong = [
    ...(told === line.net.amount ? [] : [`${at} is ${line.net.amount}, and its trace says ${String(told)}`]),
    ...(isAdjustment ||
    (contract?.facts['contractId'] === line.contractId && contract.facts['contractVersion'] === line.contractVersion)
      ? []
      : [`${at} is under another contract than its trace says`]),
    ...line.trace.filter(({ text }) => text.trim() === '').map(({ step }) => `${at} says nothing in step ${step}`),
  ];
  return [...missing, ...wrong];
}
