import { isOnHeldWork, unreachable } from '@billtrail/kernel';
import {
  isNameOfWork,
  itemKeyOf,
  type AccountEvent,
  type CreditNoteLinesAdded,
  type InvoiceLinesAdded,
} from '@billtrail/billing';
import {
  WORK_CHANGE_TYPES,
  isWorkChange,
  workChangeOf,
  type TicketEvent,
  type TicketReclassified,
  type TicketTriaged,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import { LINES_NAMED, APPROVALS, type ApprovalRow, type Lapse, type LapseCause, type LineNamed } from './tables.js';

/** The events after which something is not there any more that a request may wait for, or not as it was when somebody asked. */
export const TYPES_OF_LAPSES = [
  'TicketTriaged',
  'TicketReclassified',
  ...WORK_CHANGE_TYPES,
  'NoChargeDeclared',
  'CourtesyGranted',
  'CourtesyWithdrawn',
  'TimeEntryPriceOverridden',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceIssued',
  'CreditNoteLinesAdded',
  'CreditNoteIssueWithdrawn',
  'CreditNoteIssued',
  'WorkWrittenOff',
] as const satisfies readonly (TicketEvent | AccountEvent)['type'][];

type EventOfLapses = Extract<TicketEvent | AccountEvent, { type: (typeof TYPES_OF_LAPSES)[number] }>;

const OF_LAPSES: ReadonlySet<string> = new Set(TYPES_OF_LAPSES);
const TICKET_STREAM = 'ticket-';

export function isOfLapses({ type }: { readonly type: string }): boolean {
  return OF_LAPSES.has(type);
}

/** Whether what a request asks about is among something. */
type IsAbout = (request: ApprovalRow) => boolean;

/**
 * Finds the requests that wait in vain: the work was corrected, voided, rejected, priced anew or given for nothing, written off otherwise, invoiced or credited, or its ticket went to another client. It is told by
 * events alone: what a new version of a contract makes of the work only rating knows, and whoever carries the request out is told that.
 */
export class LapsesFold {
  private readonly ofTicket;
  private readonly ofSeveral;
  private readonly name;
  private readonly named;
  private readonly forget;

  constructor(
    database: ReadDatabase,
    private readonly lapse: (requestId: string, lapse: Lapse) => void,
  ) {
    const waiting = "WHERE verdict = 'waits' AND ending IS NULL AND ticket_id";
    this.ofTicket = database.rows(APPROVALS, `${waiting} = ?`);
    this.ofSeveral = database.rows(APPROVALS, `${waiting} IS NULL`);
    this.name = database.insert(LINES_NAMED);
    this.named = database.rows(LINES_NAMED, 'WHERE document = ? ORDER BY position');
    this.forget = database.statement<[string]>(`DELETE FROM ${LINES_NAMED.name} WHERE document = ?`);
  }

  apply(event: RecordedOf<EventOfLapses>): void {
    const ended = (because: LapseCause, tickets: readonly string[], isAbout: IsAbout): void =>
      this.ended({ because, eventId: event.id }, tickets, isAbout);
    const ofWork = (because: LapseCause, workItemId: string): void => {
      const ticketId = event.stream.slice(TICKET_STREAM.length);
      ended(
        because,
        [ticketId],
        isOnWork((name) => isNameOfWork(name, ticketId, workItemId)),
      );
    };
    // Whoever approved it looked at the work as it is, and saw nothing to take away.
    const approved = (workItemId: string): void => {
      const ticketId = event.stream.slice(TICKET_STREAM.length);
      const isOn = isOnWork((name) => isNameOfWork(name, ticketId, workItemId));
      ended('approved', [ticketId], (request) => isOnHeldWork(request.act) && isOn(request));
    };
    if (isWorkChange(event)) {
      const { change, workItemId } = workChangeOf(event);
      return change === 'approved' ? approved(workItemId) : ofWork(change, workItemId);
    }
    switch (event.type) {
      case 'TicketTriaged':
      case 'TicketReclassified':
        return this.ofClient(event, ended);
      case 'CourtesyGranted':
      case 'CourtesyWithdrawn':
        return ofWork('repriced', event.data.workItemId);
      case 'TimeEntryPriceOverridden':
        return ofWork('repriced', event.data.timeEntryId);
      case 'NoChargeDeclared':
        return ended(
          'no-charge',
          [event.stream.slice(TICKET_STREAM.length)],
          isOnWork(() => true),
        );
      case 'InvoiceLinesAdded':
      case 'CreditNoteLinesAdded':
        this.name({ document: documentOf(event), position: event.position, lines: linesNamed(event.data) });
        return;
      case 'InvoiceDraftDiscarded':
      case 'CreditNoteIssueWithdrawn':
        this.forget.run(documentOf(event));
        return;
      case 'InvoiceIssued':
        return this.issued(documentOf(event), (tickets, lines) =>
          ended('invoiced', tickets, isOnLines(lines, isOfItem)),
        );
      case 'CreditNoteIssued':
        return this.issued(documentOf(event), (tickets, lines) =>
          ended('credited', tickets, isOnLines(lines, isOfWorkOf)),
        );
      case 'WorkWrittenOff': {
        const { ticketId, workItemId, itemId } = event.data;
        return ended('written-off', [ticketId], isOnLines([{ ticketId, workItemId, itemId }], isOfItem));
      }
      default:
        return unreachable(event);
    }
  }

  /** What was asked of one client says nothing of the next one of the ticket. */
  private ofClient(
    { stream, data: { clientId } }: RecordedOf<TicketTriaged | TicketReclassified>,
    ended: (because: LapseCause, tickets: readonly string[], isAbout: IsAbout) => void,
  ): void {
    const ticketId = stream.slice(TICKET_STREAM.length);
    ended('client-changed', [ticketId], (request) => {
      if (request.act === 'accept-gap' || request.clientId === null || request.clientId === clientId) return false;
      return request.forgone.some((part) => part.ticketId === ticketId);
    });
  }

  private issued(document: string, ended: (tickets: readonly string[], lines: readonly LineNamed[]) => void): void {
    const lines = this.named.all(document).flatMap((one) => one.lines);
    this.forget.run(document);
    ended([...new Set(lines.flatMap(({ ticketId }) => ticketId ?? []))], lines);
  }

  private ended(lapse: Lapse, tickets: readonly string[], isAbout: IsAbout): void {
    const waiting = [...tickets.flatMap((ticketId) => this.ofTicket.all(ticketId)), ...this.ofSeveral.all()];
    for (const request of waiting) if (isAbout(request)) this.lapse(request.requestId, lapse);
  }
}

type EventOfDocument = Extract<
  EventOfLapses,
  {
    type:
      | 'InvoiceLinesAdded'
      | 'InvoiceDraftDiscarded'
      | 'InvoiceIssued'
      | 'CreditNoteLinesAdded'
      | 'CreditNoteIssueWithdrawn'
      | 'CreditNoteIssued';
  }
>;

function documentOf({ data }: RecordedOf<EventOfDocument>): string {
  return 'creditNoteId' in data ? `credit-note ${data.creditNoteId}` : `invoice ${data.invoiceId}`;
}

function linesNamed({
  lines,
  charges = [],
}: InvoiceLinesAdded['data'] | CreditNoteLinesAdded['data']): readonly LineNamed[] {
  return [
    ...lines
      .map((one) => ('line' in one ? one.line : one))
      .map(({ ticketId, workItemId, itemId }) => ({
        ticketId,
        workItemId,
        itemId,
      })),
    ...charges
      .map((one) => ('charge' in one ? one.charge : one))
      .map(({ chargeItemId }) => ({
        ticketId: null,
        workItemId: null,
        itemId: chargeItemId,
      })),
  ];
}

/** The items that a request is about: what it writes off, alone or by a credit note. */
export function itemsAskedFor({
  act,
  target,
  asked,
}: Pick<ApprovalRow, 'act' | 'target' | 'asked'>): readonly string[] {
  if (act === 'write-off') return [target];
  if (act !== 'credit') return [];
  return (asked as { readonly items: readonly { readonly itemId: string }[] }).items.map(({ itemId }) => itemId);
}

/** Gaps end by themselves. */
function isOnWork(isNamed: (work: string) => boolean): IsAbout {
  return (request) => {
    if (request.act === 'accept-gap') return false;
    const names = itemsAskedFor(request).map((itemId) => itemKeyOf(itemId).workItemId);
    return (names.length > 0 ? names : [request.target]).some(isNamed);
  };
}

type OnLine = (request: ApprovalRow, line: LineNamed) => boolean;

function isOnLines(lines: readonly LineNamed[], isOn: OnLine): IsAbout {
  return (request) => request.act !== 'accept-gap' && lines.some((line) => isOn(request, line));
}

/** Of an invoice and a write-off: another part of the same work may still be there. A credit of what is invoiced is not about it. */
const isOfItem: OnLine = (request, line) =>
  request.act === 'credit'
    ? false
    : request.act === 'write-off'
      ? request.target === line.itemId
      : isPriced(request, line);

/** Of a credit note: what is taken back is rated anew, with all that corrected it. */
const isOfWorkOf: OnLine = (request, line) => {
  if (request.act === 'credit') return itemsAskedFor(request).includes(line.itemId);
  if (request.act === 'write-off')
    return line.ticketId === request.ticketId && itemKeyOf(request.target).workItemId === line.workItemId;
  return isPriced(request, line);
};

/** A courtesy for work, or a price of it. */
function isPriced({ target, ticketId }: ApprovalRow, line: LineNamed): boolean {
  return (
    line.ticketId === ticketId && line.workItemId !== null && isNameOfWork(line.workItemId, line.ticketId ?? '', target)
  );
}
