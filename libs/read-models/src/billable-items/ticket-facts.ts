import { unreachable } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Classification, Stage, TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type RecordedOf } from '../runner/projection.js';
import { NO_CLIENT } from './schema.js';
import type { Staleness } from './staleness.js';
import { WorkFacts, type WorkEvent } from './work-facts.js';

/** The ticket events that rating or the list of tickets needs: all but the timers and who works on it. */
export const TICKET_TYPES = [
  'TicketRequested',
  'TicketTriaged',
  'TicketReclassified',
  'TicketReprioritised',
  'TicketReturned',
  'TicketAssigned',
  'WorkStarted',
  'TicketPendedOnClient',
  'TicketPendedOnThirdParty',
  'TicketResumed',
  'TicketResolved',
  'ServiceVerificationRequested',
  'ServiceVerificationRejected',
  'TicketClosed',
  'TicketCancelled',
  'TicketReopened',
  'NoteAdded',
  'NoChargeDeclared',
  'TimeEntryLogged',
  'TimeEntryCorrected',
  'TimeEntryApproved',
  'TimeEntryRejected',
  'TimeEntryVoided',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'MaterialUsageVoided',
  'ExpenseIncurred',
  'ExpenseCorrected',
  'ExpenseVoided',
] as const satisfies readonly TicketEvent['type'][];

type FoldedEvent = Extract<TicketEvent, { type: (typeof TICKET_TYPES)[number] }>;
type RecordedTicketEvent = RecordedOf<FoldedEvent>;

const STREAM_PREFIX_LENGTH = 'ticket-'.length;

interface Standing {
  readonly client_id: string | null;
  readonly resolved_at: string | null;
}

/** Folds ticket events into the facts that rating reads, and marks what they make stale. Like `evolve`, it never rejects history. */
export class TicketFactsFold {
  private readonly work: WorkFacts;
  private readonly standing;
  private readonly request;
  private readonly begin;
  private readonly classify;
  private readonly moveWork;
  private readonly prioritise;
  private readonly moveBack;
  private readonly resolve;
  private readonly moveOn;
  private readonly noCharge;
  private readonly addText;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
  ) {
    this.work = new WorkFacts(database, stale);
    this.standing = database.statement<[string], Standing>(
      'SELECT client_id, resolved_at FROM tickets WHERE ticket_id = ?',
    );
    this.request = database.statement(
      `INSERT INTO tickets (ticket_id, reference, summary, stage, client_id, contract_id, site_id, category, ticket_type, priority, requested_at)
       VALUES (?, ?, ?, 'request', ?, ?, ?, ?, ?, ?, ?)`,
    );
    // A history that lacks its beginning, or has two, is taken as it comes.
    this.begin = database.statement(
      "INSERT OR IGNORE INTO tickets (ticket_id, summary, stage) VALUES (?, '', 'request')",
    );
    this.classify = database.statement(
      'UPDATE tickets SET client_id = ?, contract_id = ?, site_id = ?, category = ?, ticket_type = ?, priority = ?, stage = coalesce(?, stage) WHERE ticket_id = ?',
    );
    this.moveWork = database.statement('UPDATE work_items SET client_id = ? WHERE ticket_id = ?');
    this.prioritise = database.statement('UPDATE tickets SET priority = ? WHERE ticket_id = ?');
    this.moveBack = database.statement(
      'UPDATE tickets SET stage = ?, resolved_at = NULL, resolved_event_id = NULL WHERE ticket_id = ?',
    );
    this.resolve = database.statement(
      "UPDATE tickets SET stage = 'resolved', resolved_at = ?, resolved_event_id = ?, materials = ? WHERE ticket_id = ?",
    );
    this.moveOn = database.statement(
      'UPDATE tickets SET stage = ?, resolved_at = coalesce(resolved_at, ?), resolved_event_id = coalesce(resolved_event_id, ?) WHERE ticket_id = ?',
    );
    this.noCharge = database.statement(
      'UPDATE tickets SET no_charge_reason_code = ?, no_charge_reason = ?, no_charge_event_id = ? WHERE ticket_id = ?',
    );
    this.addText = database.statement('INSERT INTO ticket_texts VALUES (?, ?, ?, ?, ?)');
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    const ticketId = event.stream.slice(STREAM_PREFIX_LENGTH);
    switch (event.type) {
      case 'TicketRequested':
        return this.requested(ticketId, event);
      case 'TicketTriaged':
        return this.classified(ticketId, event.data, 'triage');
      case 'TicketReclassified':
        return this.classified(ticketId, event.data, null);
      case 'TicketReprioritised':
        this.stand(ticketId);
        this.prioritise.run(event.data.priority, ticketId);
        return this.stale.ticketAndItsPeriods(ticketId);
      case 'TicketReturned':
        return this.movedBack(ticketId, 'request');
      case 'TicketAssigned':
        return this.movedBack(ticketId, 'assigned');
      case 'WorkStarted':
      case 'TicketResumed':
      case 'TicketReopened':
      case 'ServiceVerificationRejected':
        return this.movedBack(ticketId, 'in-progress');
      case 'TicketPendedOnClient':
        return this.movedBack(ticketId, 'pending-client');
      case 'TicketPendedOnThirdParty':
        return this.movedBack(ticketId, 'pending-third-party');
      case 'TicketCancelled':
        return this.movedBack(ticketId, 'cancelled');
      case 'TicketResolved':
        return this.resolved(ticketId, event);
      case 'ServiceVerificationRequested':
        return this.movedOn(ticketId, 'svr-pending', event);
      case 'TicketClosed':
        return this.movedOn(ticketId, 'closed', event);
      case 'NoteAdded':
        this.text(ticketId, event, 0, event.data.text);
        return this.stale.ticket(ticketId);
      case 'NoChargeDeclared':
        this.stand(ticketId);
        this.noCharge.run(event.data.reasonCode, event.data.reason, event.id, ticketId);
        return this.stale.ticketAndItsPeriods(ticketId);
      default:
        return this.workRecorded(ticketId, event);
    }
  }

  private workRecorded(ticketId: string, event: RecordedOf<WorkEvent>): void {
    this.work.apply(ticketId, this.stand(ticketId).client_id ?? NO_CLIENT, event);
    this.stale.ticket(ticketId);
  }

  private requested(ticketId: string, event: Extract<RecordedTicketEvent, { type: 'TicketRequested' }>): void {
    const { reference, summary, description, clientId, contractId, siteId, category, ticketType, priority } =
      event.data;
    if (this.standing.get(ticketId) === undefined) {
      this.request.run(
        ticketId, reference, summary, clientId, contractId, siteId, category, ticketType, priority, event.occurredAt,
      ); // prettier-ignore
    } else {
      this.classified(ticketId, event.data, 'request');
      this.movedBack(ticketId, 'request');
    }
    this.text(ticketId, event, 0, summary);
    if (description !== null) this.text(ticketId, event, 1, description);
  }

  private classified(ticketId: string, data: Classification, stage: Stage | null): void {
    const { clientId, contractId, siteId, category, ticketType, priority } = data;
    const before = this.stand(ticketId);
    this.stale.ticketAndItsPeriods(ticketId);
    this.classify.run(clientId, contractId, siteId, category, ticketType, priority, stage, ticketId);
    if (before.client_id !== clientId) {
      // Both the client that loses the work and the one that gets it are rated anew.
      if (this.moveWork.run(clientId ?? NO_CLIENT, ticketId).changes > 0) this.stale.ticketAndItsPeriods(ticketId);
    }
    if (stage !== null && before.resolved_at !== null) this.moveBack.run(stage, ticketId);
  }

  private movedBack(ticketId: string, stage: Stage | 'cancelled'): void {
    const before = this.stand(ticketId);
    this.moveBack.run(stage, ticketId);
    if (before.resolved_at !== null) this.stale.ticketAndItsPeriods(ticketId);
  }

  private resolved(ticketId: string, event: Extract<RecordedTicketEvent, { type: 'TicketResolved' }>): void {
    this.stand(ticketId);
    this.resolve.run(event.occurredAt, event.id, event.data.materials, ticketId);
    if (event.data.resolution !== null) this.text(ticketId, event, 0, event.data.resolution);
    this.stale.ticketAndItsPeriods(ticketId);
  }

  /** Past its resolution. A history may jump there: then this is the resolution, or the ticket's work would never be asked for. */
  private movedOn(ticketId: string, stage: 'svr-pending' | 'closed', event: RecordedEvent): void {
    const before = this.stand(ticketId);
    this.moveOn.run(stage, event.occurredAt, event.id, ticketId);
    if (before.resolved_at === null) this.stale.ticketAndItsPeriods(ticketId);
  }

  private text(ticketId: string, event: RecordedEvent, part: number, text: string): void {
    if (text !== '') this.addText.run(ticketId, event.position, part, event.id, text);
  }

  private stand(ticketId: string): Standing {
    const found = this.standing.get(ticketId);
    if (found !== undefined) return found;
    this.begin.run(ticketId);
    return { client_id: null, resolved_at: null };
  }
}
