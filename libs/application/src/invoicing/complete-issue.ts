import { fold, invariant, isRefusal, refuse, type DomainEvent, type LocalDate, type Refusal } from '@billtrail/kernel';
import {
  CommandIdReused,
  Position,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type PositionNumber,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import {
  account,
  DEFAULT_CONFIGURATION,
  documentUnderWay,
  numbering,
  ticketsAlone,
  type AccountEvent,
  type AssignDocumentNumber,
  type CreditNoteIssueWithdrawn,
  type DocumentNumberAssigned,
  type DocumentSeries,
  type InvoiceIssueWithdrawn,
  type NumbersLost,
  type WithdrawInvoiceIssue,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { publishedConfigurations } from '../configuration.js';
import { actorOf, appendAs } from '../command-path/append-as.js';
import { notAdopted } from '../gate/gate.js';
import { CREDIT_NOTE, INVOICE, findOf, type DocumentKind, type IssueRequested } from './document-kinds.js';
import { changedMeanwhile, whatChanged, type OfDocument } from './changed-meanwhile.js';

/** The actor that completes a requested issue: the policy, even when it runs inside the command. */
const POLICY = 'complete-issues';
const BY = actorOf(POLICY);
const MAX_ATTEMPTS = 20;

type Where = Pick<CommandPorts, 'store' | 'models' | 'clock' | 'gate' | 'upToDate' | 'inTurn'>;

/**
 * Carries a requested issue to its end: the verdict, the number, then the issued document (ADR 6, 20). Every step is idempotent, so it may be interrupted
 * anywhere and run again, also by two at once. Returns the position of the `InvoiceIssued` or `CreditNoteIssued`. A document gets no number, and its issue is
 * withdrawn, where a fact came before the request that it was not compared with; an invoice also where its series has gone on to a later day meanwhile.
 * Refuses: IssueWithdrawn, LogNotAdopted (then it waits).
 */
export async function completeIssue(
  ports: Where,
  kind: DocumentKind,
  accountStream: StreamName,
  documentId: string,
): Promise<Position | Refusal> {
  const { events } = await ports.store.readStream(accountStream);
  const issued = findOf(events, kind, 'issued', documentId);
  if (issued) return Position.of(issued);
  // The series of the request, not the current one: a number from a series configured since would leave a hole in it.
  const requested = findOf(events, kind, 'requested', documentId) as Requested | undefined;
  invariant(requested, `no issue of ${kind.name} ${documentId} was requested`);
  const withdrawn = findOf(events, kind, 'withdrawn', documentId) as Withdrawn | undefined;
  if (withdrawn !== undefined && withdrawn.version > requested.version)
    return issueWithdrawn(kind, documentId, { seriesReached: null, ...withdrawn.data });
  const shut = await ports.gate.shut();
  if (shut !== null) return notAdopted(shut);
  const withdraw = (why: WhyWithdrawn) =>
    ports.inTurn(accountStream, () =>
      untilAppended(() => withdrawIssue(ports, kind, accountStream, documentId, { requested, why })),
    );
  const changed = await changedMeanwhile(ports, requested, documentOf(requested, events));
  if (changed !== null) return withdraw({ seriesReached: null, changed });
  const series = await seriesNamed(ports.store, kind, requested.data.series);
  const numberingStream = streamName('numbering', series.series);
  const numbered = await ports.inTurn(numberingStream, () =>
    untilAppended(() =>
      assignNumber(ports, kind, numberingStream, { ...series, documentId, accountStream }, requested),
    ),
  );
  if (numbered.kind === 'elsewhere') return notAdopted(await ports.gate.shutAnew());
  if (numbered.kind === 'passed') return withdraw({ seriesReached: numbered.seriesReached });
  // Note the number in the vault before the document is visible: the vault then recognises a log restored from before it.
  await ports.gate.given({ ...numbered.number, position: numbered.position });
  return ports.inTurn(accountStream, () =>
    untilAppended(() => recordIssue(ports, kind, accountStream, documentId, numbered.number)),
  );
}

type Requested = RecordedEvent<IssueRequested>;
type RecordedNumber = RecordedEvent<DocumentNumberAssigned> | RecordedEvent<NumbersLost>;
type Withdrawn = RecordedEvent<InvoiceIssueWithdrawn | CreditNoteIssueWithdrawn>;

type WhyWithdrawn = Pick<WithdrawInvoiceIssue, 'seriesReached' | 'changed'>;

/** What the document rests on: of an invoice its draft says it. */
function documentOf({ data }: Requested, events: readonly RecordedEvent[]): OfDocument {
  if ('creditNoteId' in data) return { ...data, ticketsAlone: null };
  const invoice = fold(account, events as readonly AccountEvent[]).invoices.get(data.invoiceId);
  invariant(invoice, `invoice ${data.invoiceId} was never drafted`);
  return { ...invoice, ticketsAlone: ticketsAlone(invoice) };
}

/** The issue can have no number any more, whoever looks and when: what came before it stays, and a series never goes back to an earlier day. */
async function withdrawIssue(
  { store, clock }: Where,
  kind: DocumentKind,
  stream: StreamName,
  documentId: string,
  { requested, why }: { readonly requested: Requested; readonly why: WhyWithdrawn },
): Promise<Refusal> {
  const slice = await store.readStream(stream);
  const { issueDate } = requested.data;
  const answer = issueWithdrawn(kind, documentId, { issueDate, ...why });
  // Somebody else was first, and it may have been asked for again since.
  if (findOf(slice.events, kind, 'requested', documentId)?.id !== requested.id) return answer;
  const decision = account.decide(
    { ...kind.withdraw(documentId, { issueDate, ...why }), at: clock(), by: BY },
    fold(account, slice.events as readonly AccountEvent[]),
  );
  invariant(!isRefusal(decision), `the issue of ${documentId} can't be withdrawn`);
  if (decision.length > 0)
    await append(store, stream, slice.version, decision, `withdrawn/${requested.id}`, documentId);
  return answer;
}

function issueWithdrawn(
  kind: DocumentKind,
  documentId: string,
  { issueDate, seriesReached, changed }: WhyWithdrawn & Pick<InvoiceIssueWithdrawn['data'], 'issueDate'>,
): Refusal {
  if (changed !== undefined) {
    const { is, remedy } = kind.afterChange(documentId);
    return refuse(
      'IssueWithdrawn',
      `Before the issue of ${kind.name} ${documentId} was recorded, ${whatChanged(changed)}: what it was compared with is not what is there. It has no number, and ${is}.`,
      remedy,
      { [kind.idField]: documentId, issueDate, changed },
    );
  }
  invariant(seriesReached !== null, `the issue of ${documentId} was withdrawn for nothing`);
  return refuse(
    'IssueWithdrawn',
    `Invoice ${documentId} was to be issued on ${issueDate}, and before it had its number another document of the series was issued, dated ${seriesReached}. It is an approved draft again.`,
    `Issue it on ${seriesReached} or later, with \`issueDate\`: POST /v1/invoices/${documentId}/issue`,
    { [kind.idField]: documentId, issueDate, seriesReached },
  );
}

/**
 * Completes what is under way on an account, for a decision that waits for its verdict, on the turn of the account, which that decision has. Whatever comes of it, the decision is taken again.
 */
export async function completeUnderWay(ports: Where, stream: StreamName): Promise<void> {
  const { store, models, clock, gate } = ports;
  const { events } = await store.readStream(stream);
  const document = documentUnderWay(fold(account, events as readonly AccountEvent[]));
  if (document === null) return;
  const onTurn: Where = {
    store,
    models,
    clock,
    gate,
    upToDate: (to) => ports.upToDate(to),
    inTurn: (other, work) => (other === stream ? work() : ports.inTurn(other, work)),
  };
  await completeIssue(onTurn, document.kind === 'invoice' ? INVOICE : CREDIT_NOTE, stream, document.documentId);
}

/** A series as last configured under this name. */
async function seriesNamed(store: EventStore, kind: DocumentKind, name: string): Promise<DocumentSeries> {
  const published = await publishedConfigurations(store);
  const configured = [...published.toReversed(), DEFAULT_CONFIGURATION]
    .map(kind.seriesOf)
    .find(({ series }) => series === name);
  invariant(configured, `series ${name} was never configured`);
  return configured;
}

/**
 * Whether a document has a number; `passed`: it can't have one any more, for the series has a number of a later day; `elsewhere`: the log was adopted in another
 * place meanwhile.
 */
type Numbered =
  | { readonly kind: 'numbered'; readonly number: DocumentNumberAssigned['data']; readonly position: Position }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'passed'; readonly seriesReached: LocalDate };

/**
 * The number of a document: the one it has, otherwise the next. A series keeps growing, so it is read from its end, back to where the issue was requested:
 * before that the document had none. `passed`: an invoice dated before the last number.
 */
async function assignNumber(
  { store, clock, gate }: Where,
  kind: DocumentKind,
  stream: StreamName,
  document: Pick<AssignDocumentNumber, 'series' | 'prefix' | 'digits' | 'documentId' | 'accountStream'>,
  requested: Requested,
): Promise<Numbered> {
  const { version, last, own } = await lookBack(store, stream, document.documentId, requested.position);
  if (own !== null) return { kind: 'numbered', number: own.data, position: Position.of(own) };
  if (last?.type === 'NumbersLost' && last.data.home !== gate.home) return { kind: 'elsewhere' };
  const state = fold(numbering, last === null ? [] : [last]);
  const { issueDate: asked } = requested.data;
  // Nobody approved the day of a credit note: it takes the one that the series has reached, and keeps the tax that it was asked for with.
  const issueDate = kind === CREDIT_NOTE && state.reached !== null && state.reached > asked ? state.reached : asked;
  const decision = numbering.decide(
    {
      type: 'AssignDocumentNumber',
      ...document,
      kind: kind.numbered,
      issueDate,
      at: clock(),
      by: BY,
    },
    state,
  );
  if (isRefusal(decision) && decision.code === 'SeriesHasGoneOn' && state.reached !== null)
    return { kind: 'passed', seriesReached: state.reached };
  invariant(!isRefusal(decision), `a requested issue got no number: ${isRefusal(decision) ? decision.message : ''}`);
  const [assigned] = decision;
  invariant(
    assigned?.type === 'DocumentNumberAssigned' && assigned.data.documentId === document.documentId,
    `${document.documentId} got no number`,
  );
  const { documentId } = document;
  const { position } = await append(store, stream, version, decision, `number/${documentId}`, documentId);
  return { kind: 'numbered', number: assigned.data, position };
}

/** Numbers that are read at once, from the end of a series. */
const NUMBERS_AT_ONCE = 50;

/** The last number of a series, and that of a document if it has one, which it can only have since its issue was requested. */
async function lookBack(store: EventStore, stream: StreamName, documentId: string, requestedAt: PositionNumber) {
  const end = await store.readStream(stream, { direction: 'backwards', limit: NUMBERS_AT_ONCE });
  const { version } = end;
  const last = (end.events[0] as RecordedNumber | undefined) ?? null;
  for (let page = end.events; page.length > 0;) {
    for (const event of page as readonly RecordedNumber[]) {
      if (isNumberOf(event, documentId)) return { version, last, own: event };
      if (event.position < requestedAt) return { version, last, own: null };
    }
    const from = (page.at(-1)?.version ?? 1) - 1;
    if (from === 0) break;
    page = (await store.readStream(stream, { direction: 'backwards', from, limit: NUMBERS_AT_ONCE })).events;
  }
  return { version, last, own: null };
}

function isNumberOf(event: RecordedNumber, documentId: string): event is RecordedEvent<DocumentNumberAssigned> {
  return event.type === 'DocumentNumberAssigned' && event.data.documentId === documentId;
}

/**
 * The day of the last number of a series; null: no number yet, or the last was given before numbers carried a day. Reads what {@link lookBack} will, so that a
 * series that can't be read is refused before an issue is requested. @throws UnknownStoredEvent
 */
export async function dayReached(store: EventStore, series: string): Promise<LocalDate | null> {
  const stream = streamName('numbering', series);
  const { events } = await store.readStream(stream, { direction: 'backwards', limit: NUMBERS_AT_ONCE });
  return fold(numbering, events.slice(0, 1) as readonly RecordedNumber[]).reached;
}

async function recordIssue(
  { store, clock }: Where,
  kind: DocumentKind,
  stream: StreamName,
  documentId: string,
  { series, number, formatted, issueDate }: DocumentNumberAssigned['data'],
): Promise<Position> {
  const slice = await store.readStream(stream);
  const decision = account.decide(
    {
      ...kind.record(documentId, {
        series,
        numberInSeries: number,
        number: formatted,
        ...(issueDate && { issueDate }),
      }),
      at: clock(),
      by: BY,
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

function append(
  store: EventStore,
  stream: StreamName,
  expected: number,
  events: readonly DomainEvent[],
  commandId: string,
  correlationId: string,
) {
  // Without the time at which it is carried out: whoever does it again does the same.
  const asked = events.map(({ type, data }) => ({ type, data }));
  return appendAs(store, POLICY, { stream, expected }, { events, commandId, correlationId, causationId: null, asked });
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
