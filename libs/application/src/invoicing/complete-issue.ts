import { fold, invariant, isRefusal, type DomainEvent } from '@billtrail/kernel';
import {
  CommandIdReused,
  Position,
  fingerprintOf,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import {
  account,
  creditNoteSeriesOf,
  DEFAULT_CONFIGURATION,
  numbering,
  type AccountEvent,
  type AssignDocumentNumber,
  type BillingConfiguration,
  type ConfigurationPublished,
  type CreditNoteIssueRequested,
  type DocumentNumberAssigned,
  type DocumentSeries,
  type InvoiceIssueRequested,
  type NumberingEvent,
  type RecordCreditNoteIssue,
  type RecordInvoiceIssue,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { CONFIGURATION_STREAM } from '../configuration.js';

/** The actor that completes a requested issue: the policy, even when it runs inside the command. */
const POLICY = { id: 'complete-issues', role: 'system' } as const;
const MAX_ATTEMPTS = 20;

type Where = Pick<CommandPorts, 'store' | 'clock' | 'inTurn'>;

/** How the kinds of numbered documents differ between request and issue. */
export interface DocumentKind {
  readonly name: string;
  readonly requested: 'InvoiceIssueRequested' | 'CreditNoteIssueRequested';
  readonly issued: 'InvoiceIssued' | 'CreditNoteIssued';
  readonly isOf: (event: RecordedEvent, documentId: string) => boolean;
  readonly seriesOf: (configuration: BillingConfiguration) => DocumentSeries;
  /** The command that puts the number on it. */
  readonly record: (
    documentId: string,
    number: { readonly series: string; readonly number: string; readonly numberInSeries: number },
  ) => RecordInvoiceIssue | RecordCreditNoteIssue;
}

export const INVOICE: DocumentKind = {
  name: 'invoice',
  requested: 'InvoiceIssueRequested',
  issued: 'InvoiceIssued',
  isOf: ({ data }, documentId) => (data as { invoiceId?: string }).invoiceId === documentId,
  seriesOf: ({ invoiceSeries }) => invoiceSeries,
  record: (invoiceId, number) => ({ type: 'RecordInvoiceIssue', invoiceId, ...number }),
};

export const CREDIT_NOTE: DocumentKind = {
  name: 'credit note',
  requested: 'CreditNoteIssueRequested',
  issued: 'CreditNoteIssued',
  isOf: ({ data }, documentId) => (data as { creditNoteId?: string }).creditNoteId === documentId,
  seriesOf: creditNoteSeriesOf,
  record: (creditNoteId, number) => ({ type: 'RecordCreditNoteIssue', creditNoteId, ...number }),
};

/**
 * Carries a requested issue to its end: the number, then the issued document (ADR 6). Every step is idempotent, so it may be interrupted
 * anywhere and run again, also by two at once. Returns the position of the `InvoiceIssued` or `CreditNoteIssued`.
 */
export async function completeIssue(
  ports: Where,
  kind: DocumentKind,
  accountStream: StreamName,
  documentId: string,
): Promise<Position> {
  const { events } = await ports.store.readStream(accountStream);
  const issued = findOf(events, kind, 'issued', documentId);
  if (issued) return Position.of(issued);
  // The series of the request, not the current one: a number from a series configured since would leave a hole in it.
  const requested = findOf(events, kind, 'requested', documentId) as
    RecordedEvent<InvoiceIssueRequested | CreditNoteIssueRequested> | undefined;
  invariant(requested, `no issue of ${kind.name} ${documentId} was requested`);
  const series = await seriesNamed(ports.store, kind, requested.data.series);
  const numberingStream = streamName('numbering', series.series);
  const number = await ports.inTurn(numberingStream, () =>
    untilAppended(() => assignNumber(ports, numberingStream, { ...series, documentId, accountStream })),
  );
  return ports.inTurn(accountStream, () =>
    untilAppended(() => recordIssue(ports, kind, accountStream, documentId, number)),
  );
}

/** A series as last configured under this name. */
async function seriesNamed(store: EventStore, kind: DocumentKind, name: string): Promise<DocumentSeries> {
  const { events } = await store.readStream(CONFIGURATION_STREAM, { direction: 'backwards' });
  const published = (events as readonly RecordedEvent<ConfigurationPublished>[]).map(({ data }) => data.configuration);
  const configured = [...published, DEFAULT_CONFIGURATION].map(kind.seriesOf).find(({ series }) => series === name);
  invariant(configured, `series ${name} was never configured`);
  return configured;
}

/**
 * The number of a document: the one it has, otherwise the next. A series keeps growing, so only the last number is read, and whether the
 * document has one is known from the command that would have assigned it.
 */
async function assignNumber(
  { store, clock }: Where,
  stream: StreamName,
  document: Omit<AssignDocumentNumber, 'type' | 'occurredAt'>,
): Promise<DocumentNumberAssigned['data']> {
  const commandId = `number/${document.documentId}`;
  const { done, ...last } = await store.load(stream, commandId, { direction: 'backwards', limit: 1 });
  if (done) {
    const { events } = await store.readStream(stream, { from: done.version, to: done.version });
    return (events as readonly NumberingEvent[])[0]!.data;
  }
  const decision = numbering.decide(
    { type: 'AssignDocumentNumber', ...document, at: clock(), by: POLICY },
    fold(numbering, last.events as readonly NumberingEvent[]),
  );
  invariant(!isRefusal(decision), `a requested issue got no number: ${isRefusal(decision) ? decision.message : ''}`);
  const assigned = decision[0] ?? (last.events as readonly NumberingEvent[])[0];
  invariant(assigned?.data.documentId === document.documentId, `${document.documentId} got no number`);
  if (decision.length > 0) await append(store, stream, last.version, decision, commandId, document.documentId);
  return assigned.data;
}

async function recordIssue(
  { store, clock }: Where,
  kind: DocumentKind,
  stream: StreamName,
  documentId: string,
  { series, number, formatted }: DocumentNumberAssigned['data'],
): Promise<Position> {
  const slice = await store.readStream(stream);
  const decision = account.decide(
    {
      ...kind.record(documentId, { series, numberInSeries: number, number: formatted }),
      at: clock(),
      by: POLICY,
    },
    fold(account, slice.events as readonly AccountEvent[]),
  );
  invariant(
    !isRefusal(decision),
    `${kind.name} ${documentId} can't take its number: ${isRefusal(decision) ? decision.message : ''}`,
  );
  if (decision.length > 0)
    return (await append(store, stream, slice.version, decision, `${commandPrefix(kind)}/${documentId}`, documentId))
      .position;
  const issued = findOf(slice.events, kind, 'issued', documentId);
  return issued ? Position.of(issued) : store.head();
}

/** Command ids of invoices never change: old logs have them. */
function commandPrefix(kind: DocumentKind): string {
  return kind === INVOICE ? 'issued' : 'credit-note-issued';
}

function findOf(
  events: readonly RecordedEvent[],
  kind: DocumentKind,
  step: 'requested' | 'issued',
  documentId: string,
): RecordedEvent | undefined {
  return events.find((event) => event.type === kind[step] && kind.isOf(event, documentId));
}

function append(
  store: EventStore,
  stream: StreamName,
  expected: number,
  events: readonly DomainEvent[],
  commandId: string,
  correlationId: string,
) {
  const fingerprint = fingerprintOf(POLICY.id, events);
  return store.append({
    stream,
    expected,
    events,
    actor: POLICY,
    commandId,
    correlationId,
    causationId: null,
    fingerprint,
  });
}

/** Many ask for numbers of one series at once, also other processes: the second to come reads again. */
async function untilAppended<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const wasSecond = error instanceof WrongExpectedVersion || error instanceof CommandIdReused;
      if (!wasSecond || attempts === MAX_ATTEMPTS) throw error;
    }
  }
}
