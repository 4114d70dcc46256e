import { fold, invariant, isRefusal, type DomainEvent } from '@billtrail/kernel';
import {
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type Position,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import {
  account,
  DEFAULT_CONFIGURATION,
  numbering,
  type AccountEvent,
  type AssignDocumentNumber,
  type BillingConfiguration,
  type ConfigurationPublished,
  type DocumentNumberAssigned,
  type InvoiceIssueRequested,
  type NumberingEvent,
} from '@billtrail/billing';
import type { Surroundings } from '../command-path/command-definition.js';
import { CONFIGURATION_STREAM } from '../configuration.js';

/** Who completes an issue that was requested: the policy, also when it runs inside the command. */
const POLICY = { id: 'complete-issues', role: 'system' } as const;
const MAX_ATTEMPTS = 20;

type Series = BillingConfiguration['invoiceSeries'];
type Where = Pick<Surroundings, 'store' | 'clock' | 'inTurn'>;

/**
 * Carries a requested issue to its end: the number, then the issued invoice (ADR 6). Every step is idempotent, so it may be interrupted
 * anywhere and run again, also by two at once. Answers the position of the `InvoiceIssued`.
 */
export async function completeIssue(around: Where, accountStream: StreamName, invoiceId: string): Promise<Position> {
  const { events } = await around.store.readStream(accountStream);
  const issued = findOf(events, 'InvoiceIssued', invoiceId);
  if (issued) return issued.position;
  // The series of the request, not of now: another may be in force since, and a number of that one would be a hole in it.
  const requested = findOf(events, 'InvoiceIssueRequested', invoiceId) as
    RecordedEvent<InvoiceIssueRequested> | undefined;
  invariant(requested, `nobody asked to issue invoice ${invoiceId}`);
  const series = await seriesNamed(around.store, requested.data.series);
  const numberingStream = streamName('numbering', series.series);
  const number = await around.inTurn(numberingStream, () =>
    untilAppended(() => assignNumber(around, numberingStream, { ...series, documentId: invoiceId, accountStream })),
  );
  return around.inTurn(accountStream, () => untilAppended(() => recordIssue(around, accountStream, invoiceId, number)));
}

/** A series as it was last configured under this name. */
async function seriesNamed(store: EventStore, name: string): Promise<Series> {
  const { events } = await store.readStream(CONFIGURATION_STREAM, { direction: 'backwards' });
  const configured = (events as readonly RecordedEvent<ConfigurationPublished>[])
    .map((event) => event.data.configuration)
    .concat(DEFAULT_CONFIGURATION)
    .find(({ invoiceSeries }) => invoiceSeries.series === name);
  invariant(configured, `series ${name} was never configured`);
  return configured.invoiceSeries;
}

async function assignNumber(
  { store, clock }: Where,
  stream: StreamName,
  document: Omit<AssignDocumentNumber, 'type' | 'occurredAt'>,
): Promise<DocumentNumberAssigned['data']> {
  const { documentId } = document;
  const slice = await store.readStream(stream);
  const events = slice.events as readonly NumberingEvent[];
  const decision = numbering.decide(
    { type: 'AssignDocumentNumber', ...document, at: clock(), by: POLICY },
    fold(numbering, events),
  );
  invariant(!isRefusal(decision), `a requested issue got no number: ${isRefusal(decision) ? decision.message : ''}`);
  if (decision.length > 0) await append(store, stream, slice.version, decision, `number/${documentId}`, documentId);
  const assigned = [...events, ...decision].find((event) => event.data.documentId === documentId);
  invariant(assigned, `the numbering of ${document.series} lost ${documentId}`);
  return assigned.data;
}

async function recordIssue(
  { store, clock }: Where,
  stream: StreamName,
  invoiceId: string,
  { series, number, formatted }: DocumentNumberAssigned['data'],
): Promise<Position> {
  const slice = await store.readStream(stream);
  const decision = account.decide(
    {
      type: 'RecordInvoiceIssue',
      invoiceId,
      series,
      numberInSeries: number,
      number: formatted,
      at: clock(),
      by: POLICY,
    },
    fold(account, slice.events as readonly AccountEvent[]),
  );
  invariant(
    !isRefusal(decision),
    `invoice ${invoiceId} can't take its number: ${isRefusal(decision) ? decision.message : ''}`,
  );
  if (decision.length > 0)
    return (await append(store, stream, slice.version, decision, `issued/${invoiceId}`, invoiceId)).position;
  return findOf(slice.events, 'InvoiceIssued', invoiceId)?.position ?? store.head();
}

function findOf(events: readonly RecordedEvent[], type: AccountEvent['type'], invoiceId: string) {
  return events.find((event) => event.type === type && (event.data as { invoiceId?: string }).invoiceId === invoiceId);
}

function append(
  store: EventStore,
  stream: StreamName,
  expected: number,
  events: readonly DomainEvent[],
  commandId: string,
  correlationId: string,
) {
  return store.append({ stream, expected, events, actor: POLICY, commandId, correlationId, causationId: null });
}

/** Numbers of one series are asked for by many at once: who comes second reads again. */
async function untilAppended<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion) || attempts === MAX_ATTEMPTS) throw error;
    }
  }
}
