import { Money, unreachable, type ForgoingEvent, type ForgoingRequested } from '@billtrail/kernel';
import type { CreditedLine, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { TicketMerged, TicketSplit } from '@billtrail/ticketing';
import { eventOf, type Folding, type LogProjection, type RecordedOf } from '../runner/projection.js';
import { MENTIONING_TYPES, type Mention, type MentioningEvent } from './mentions.js';
import {
  CREDIT_NOTES_MENTIONED,
  APPROVALS_MENTIONED,
  GAPS_MENTIONED,
  INVOICES_MENTIONED,
  MENTIONS,
  TIMELINE_TABLES,
} from './tables.js';

/** Where other streams name a ticket. With the ticket's own stream it is the whole story. */
export const ticketTimelineProjection: LogProjection = {
  name: 'ticket-timeline',
  schemaVersion: 8,
  types: MENTIONING_TYPES,
  categories: ['ticket', 'account', 'gap'],
  tables: TIMELINE_TABLES,
  start: (database) => new TimelineFold(database),
};

const TICKET_STREAM = 'ticket-';

class TimelineFold implements Folding {
  private readonly mention;
  private readonly putGap;
  private readonly ticketOfGap;
  private readonly putInvoice;
  private readonly ticketsOfInvoice;
  private readonly putCreditNote;
  private readonly ticketsOfCreditNote;
  private readonly putForgoing;
  private readonly ticketsOfForgoing;

  constructor(database: ReadDatabase) {
    this.mention = database.insert(MENTIONS);
    this.putGap = database.insert(GAPS_MENTIONED);
    this.ticketOfGap = database
      .statement<[string], string>('SELECT ticket_id FROM mentioned_gaps WHERE gap_id = ?')
      .pluck();
    this.putInvoice = database.insert(INVOICES_MENTIONED, 'OR IGNORE');
    this.ticketsOfInvoice = database
      .statement<[string], string>('SELECT ticket_id FROM mentioned_invoices WHERE invoice_id = ? ORDER BY ticket_id')
      .pluck();
    this.putCreditNote = database.insert(CREDIT_NOTES_MENTIONED, 'OR IGNORE');
    this.ticketsOfCreditNote = database
      .statement<[string], string>(
        'SELECT ticket_id FROM mentioned_credit_notes WHERE credit_note_id = ? ORDER BY ticket_id',
      )
      .pluck();
    this.putForgoing = database.insert(APPROVALS_MENTIONED);
    this.ticketsOfForgoing = database
      .statement<[string], string>('SELECT ticket_id FROM mentioned_approvals WHERE request_id = ? ORDER BY ticket_id')
      .pluck();
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<MentioningEvent>(recorded);
    switch (event.type) {
      case 'BillingGapOpened': {
        const { gapId, ticketId, kind, valueAtRisk: value, cause } = event.data;
        // The gap of a charge belongs to no ticket's story.
        if (ticketId === null) return;
        this.putGap({ gapId, ticketId });
        return this.mentioned(event, ticketId, { type: event.type, gapId, kind, value, cause });
      }
      case 'BillingGapRevalued': {
        const { gapId, valueAtRisk: value, cause } = event.data;
        return this.ofGap(event, { type: event.type, gapId, value, cause });
      }
      case 'BillingGapAssigned': {
        const { gapId, ownerId } = event.data;
        return this.ofGap(event, { type: event.type, gapId, ownerId });
      }
      case 'BillingGapAccepted': {
        const { gapId, reasonCode, comment, acceptedBy: by } = event.data;
        return this.ofGap(event, { type: event.type, gapId, reasonCode, comment, by });
      }
      case 'BillingGapClosed': {
        const { gapId, ending } = event.data;
        return this.ofGap(event, { type: event.type, gapId, ending });
      }
      case 'InvoiceLinesAdded':
        return this.linesAdded(event, event.data.invoiceId, event.data.lines);
      case 'InvoiceDraftDiscarded':
        return this.ofInvoice(event, { type: event.type, ...event.data });
      case 'InvoiceApproved': {
        const { invoiceId, approvedBy: by } = event.data;
        return this.ofInvoice(event, { type: event.type, invoiceId, by });
      }
      case 'InvoiceIssueRequested': {
        const { invoiceId, issueDate } = event.data;
        return this.ofInvoice(event, { type: event.type, invoiceId, issueDate });
      }
      case 'InvoiceIssueWithdrawn': {
        const { invoiceId, issueDate, seriesReached, changed } = event.data;
        return this.ofInvoice(event, {
          type: event.type,
          invoiceId,
          issueDate,
          seriesReached,
          ...(changed && { changed: changed.stream }),
        });
      }
      case 'InvoiceIssued': {
        const { invoiceId, number } = event.data;
        return this.ofInvoice(event, { type: event.type, invoiceId, number });
      }
      case 'CreditNoteLinesAdded':
        return this.linesCredited(event, event.data);
      case 'CreditNoteIssueWithdrawn': {
        const { creditNoteId, changed } = event.data;
        return this.ofCreditNote(event, { type: event.type, creditNoteId, changed: changed.stream });
      }
      case 'CreditNoteIssued': {
        const { creditNoteId, number, invoiceNumber, reasonCode, comment } = event.data;
        const mention = { type: event.type, creditNoteId, number, invoiceNumber, reasonCode, comment } as const;
        return this.ofCreditNote(event, mention);
      }
      case 'WorkWrittenOff': {
        const { ticketId, workItemId, kind, net, reasonCode, comment } = event.data;
        return this.mentioned(event, ticketId, { type: event.type, workItemId, kind, net, reasonCode, comment });
      }
      case 'ForgoingRequested':
      case 'ForgoingWithdrawn':
      case 'ForgoingApproved':
      case 'ForgoingRefused':
        return this.forgoing(event);
      case 'TicketMerged':
        return this.ofOtherTicket(event, event.data.into, event.data.reason);
      case 'TicketSplit':
        return this.ofOtherTicket(event, event.data.from, event.data.reason);
      default:
        return unreachable(event);
    }
  }

  /** A ticket's own stream tells what is asked there. */
  private forgoing(event: RecordedOf<ForgoingEvent>): void {
    if (event.stream.startsWith(TICKET_STREAM)) return;
    if (event.type !== 'ForgoingRequested') {
      const mention = mentionOfDecision(event);
      for (const ticketId of this.ticketsOfForgoing.all(event.data.requestId)) this.mentioned(event, ticketId, mention);
      return;
    }
    const { act, target, forgone, asked } = event.data;
    const comment = asked.comment ?? '';
    for (const { ticketId, money: value } of forgone) {
      if (ticketId === null) continue;
      this.putForgoing({ requestId: event.id, ticketId });
      this.mentioned(event, ticketId, { type: event.type, act, target, value, comment });
    }
  }

  /** In the story of the ticket that another was merged into, or taken out of; its own tells it itself. */
  private ofOtherTicket(event: RecordedOf<TicketMerged | TicketSplit>, into: string, reason: string): void {
    const ticketId = event.stream.slice(TICKET_STREAM.length);
    this.mentioned(event, into, { type: event.type, ticketId, reason });
  }

  private linesAdded(event: RecordedEvent, invoiceId: string, lines: readonly InvoiceLine[]): void {
    const byTicket = new Map<string, { lines: number; net: Money }>();
    for (const line of lines) {
      const known = byTicket.get(line.ticketId);
      const net = Money.from(line.net);
      byTicket.set(line.ticketId, { lines: (known?.lines ?? 0) + 1, net: known?.net.plus(net) ?? net });
    }
    for (const [ticketId, sum] of byTicket) {
      this.putInvoice({ invoiceId, ticketId });
      this.mentioned(event, ticketId, {
        type: 'InvoiceLinesAdded',
        invoiceId,
        lines: sum.lines,
        net: sum.net.toJSON(),
      });
    }
  }

  private linesCredited(
    event: RecordedEvent,
    {
      creditNoteId,
      invoiceId,
      lines,
    }: { creditNoteId: string; invoiceId: string | null; lines: readonly CreditedLine[] },
  ): void {
    for (const ticketId of new Set(lines.map(({ line }) => line.ticketId))) {
      const own = lines.filter(({ line }) => line.ticketId === ticketId);
      const itemIds = own.map(({ line }) => line.itemId);
      const nets = own.map(({ net }) => Money.from(net));
      const net = nets.reduce((sum, one) => sum.plus(one)).toJSON();
      this.putCreditNote({ creditNoteId, ticketId });
      this.mentioned(event, ticketId, { type: 'CreditNoteLinesAdded', creditNoteId, invoiceId, itemIds, net });
    }
  }

  private ofGap(event: RecordedEvent, mention: Extract<Mention, { gapId: string }>): void {
    const ticketId = this.ticketOfGap.get(mention.gapId);
    if (ticketId !== undefined) this.mentioned(event, ticketId, mention);
  }

  private ofInvoice(event: RecordedEvent, mention: Extract<Mention, { invoiceId: string }>): void {
    for (const ticketId of this.ticketsOfInvoice.all(mention.invoiceId)) this.mentioned(event, ticketId, mention);
  }

  private ofCreditNote(event: RecordedEvent, mention: Extract<Mention, { creditNoteId: string }>): void {
    for (const ticketId of this.ticketsOfCreditNote.all(mention.creditNoteId)) this.mentioned(event, ticketId, mention);
  }

  private mentioned(event: RecordedEvent, ticketId: string, mention: Mention): void {
    const { id: eventId, actor } = event;
    this.mention({ ...event, eventId, ticketId, actorId: actor.id, actorRole: actor.role, mention });
  }
}

function mentionOfDecision(event: Exclude<ForgoingEvent, ForgoingRequested>): Mention {
  if (event.type === 'ForgoingWithdrawn') return { type: event.type, reason: event.data.reason };
  const { inPlaceOf } = event.data;
  const inPlace = inPlaceOf === undefined ? {} : { inPlaceOf };
  return event.type === 'ForgoingApproved'
    ? { type: event.type, comment: event.data.comment, ...inPlace }
    : { type: event.type, reason: event.data.reason, ...inPlace };
}
