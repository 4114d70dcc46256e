import type { RecordedEvent } from '@billtrail/event-store';
import type { Classification, TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type RecordedOf } from '../runner/projection.js';
import { NO_CLIENT } from './schema.js';
import { SlaFacts } from './sla-facts.js';
import type { Staleness } from './staleness.js';
import type { TicketRows } from './ticket-rows.js';
import { WorkFacts, type WorkEvent } from './work-facts.js';
import type { WorkOfPeriods } from './work-of-periods.js';

/** The ticket events that rating needs: all but timers, verifications approved and who works on it. */
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
  'TimeEntryPriceOverridden',
  'TimeEntryVoided',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'MaterialUsageVoided',
  'ExpenseIncurred',
  'ExpenseCorrected',
  'ExpenseVoided',
  'SlaBreached',
  'SlaBreachWithdrawn',
] as const satisfies readonly TicketEvent['type'][];

type FoldedEvent = Extract<TicketEvent, { type: (typeof TICKET_TYPES)[number] }>;
type RecordedTicketEvent = RecordedOf<FoldedEvent>;

/** Tickets whose standing is kept between their events. */
const MAX_REMEMBERED_TICKETS = 5_000;
const STREAM_PREFIX_LENGTH = 'ticket-'.length;

interface Standing {
  readonly clientId: string | null;
  readonly resolved: boolean;
}

/** Folds ticket events into the facts that rating reads, and marks what they make stale. Like `evolve`, it never rejects history. */
export class TicketFactsFold {
  private readonly work: WorkFacts;
  private readonly sla: SlaFacts;
  private readonly standings = new Map<string, Standing>();
  private readonly standing;
  private readonly request;
  private readonly begin;
  private readonly classify;
  private readonly moveWork;
  private readonly moveSpans;
  private readonly prioritise;
  private readonly unresolve;
  private readonly resolve;
  private readonly noCharge;
  private readonly addText;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
    private readonly workOfPeriods: WorkOfPeriods,
    private readonly rows: TicketRows,
  ) {
    this.work = new WorkFacts(database, stale, workOfPeriods);
    this.sla = new SlaFacts(database);
    this.standing = database.statement<[string], { client_id: string | null; resolved: number }>(
      'SELECT client_id, resolved_at IS NOT NULL AS resolved FROM tickets WHERE ticket_id = ?',
    );
    this.request = database.statement(
      `INSERT INTO tickets (ticket_id, reference, summary, client_id, contract_id, site_id, category, ticket_type, priority, requested_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    // A history that lacks its beginning, or has two, is taken as it comes.
    this.begin = database.statement("INSERT OR IGNORE INTO tickets (ticket_id, summary) VALUES (?, '')");
    this.classify = database.statement(
      'UPDATE tickets SET client_id = ?, contract_id = ?, site_id = ?, category = ?, ticket_type = ?, priority = ? WHERE ticket_id = ?',
    );
    this.moveWork = database.statement('UPDATE work_items SET client_id = ? WHERE ticket_id = ?');
    this.moveSpans = database.statement('UPDATE work_spans SET client_id = ? WHERE ticket_id = ?');
    this.prioritise = database.statement('UPDATE tickets SET priority = ? WHERE ticket_id = ?');
    this.unresolve = database.statement(
      'UPDATE tickets SET resolved_at = NULL, resolved_event_id = NULL WHERE ticket_id = ?',
    );
    this.resolve = database.statement(
      'UPDATE tickets SET resolved_at = ?, resolved_event_id = ?, materials = ? WHERE ticket_id = ?',
    );
    this.noCharge = database.statement(
      'UPDATE tickets SET no_charge_reason_code = ?, no_charge_reason = ?, no_charge_event_id = ? WHERE ticket_id = ?',
    );
    this.addText = database.statement('INSERT INTO ticket_texts VALUES (?, ?, ?, ?, ?)');
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    const ticketId = event.stream.slice(STREAM_PREFIX_LENGTH);
    this.rows.changed(ticketId);
    switch (event.type) {
      case 'TicketRequested':
        return this.requested(ticketId, event);
      case 'TicketTriaged':
        this.notResolved(ticketId);
        return this.classified(ticketId, event.data);
      case 'TicketReclassified':
        return this.classified(ticketId, event.data);
      case 'TicketReprioritised':
        this.stand(ticketId);
        this.prioritise.run(event.data.priority, ticketId);
        return this.stale.ticketAndItsPeriods(ticketId);
      case 'TicketReturned':
      case 'TicketAssigned':
      case 'WorkStarted':
      case 'TicketResumed':
      case 'ServiceVerificationRejected':
      case 'TicketPendedOnClient':
      case 'TicketPendedOnThirdParty':
      case 'TicketCancelled':
        return this.notResolved(ticketId);
      case 'TicketReopened':
        // As the ticket's own fold has it: a no-charge declaration ends with the resolution that it came with.
        this.stand(ticketId);
        this.noCharge.run(null, null, null, ticketId);
        this.stale.ticketAndItsPeriods(ticketId);
        return this.notResolved(ticketId);
      case 'TicketResolved':
        return this.resolved(ticketId, event);
      case 'ServiceVerificationRequested':
      case 'TicketClosed':
        return this.pastResolution(ticketId, event);
      case 'NoteAdded':
        this.text(ticketId, event, 0, event.data.text);
        return this.stale.ticket(ticketId);
      case 'NoChargeDeclared':
        this.stand(ticketId);
        this.noCharge.run(event.data.reasonCode, event.data.reason, event.id, ticketId);
        return this.stale.ticketAndItsPeriods(ticketId);
      case 'SlaBreached':
      case 'SlaBreachWithdrawn':
        return this.sla.apply(event, this.stale);
      default:
        return this.workRecorded(ticketId, event);
    }
  }

  private workRecorded(ticketId: string, event: RecordedOf<WorkEvent>): void {
    this.work.apply(ticketId, this.stand(ticketId).clientId ?? NO_CLIENT, event);
    this.stale.ticket(ticketId);
  }

  private requested(ticketId: string, event: Extract<RecordedTicketEvent, { type: 'TicketRequested' }>): void {
    const { reference, summary, description, clientId, contractId, siteId, category, ticketType, priority } =
      event.data;
    if (!this.standings.has(ticketId) && this.standing.get(ticketId) === undefined) {
      this.request.run(
        ticketId,
        reference,
        summary,
        clientId,
        contractId,
        siteId,
        category,
        ticketType,
        priority,
        event.occurredAt,
      );
      this.remember(ticketId, { clientId, resolved: false });
    } else {
      this.classified(ticketId, event.data);
      this.notResolved(ticketId);
    }
    this.text(ticketId, event, 0, summary);
    if (description !== null) this.text(ticketId, event, 1, description);
  }

  private classified(ticketId: string, data: Classification): void {
    const { clientId, contractId, siteId, category, ticketType, priority } = data;
    const before = this.stand(ticketId);
    this.stale.ticketAndItsPeriods(ticketId);
    this.classify.run(clientId, contractId, siteId, category, ticketType, priority, ticketId);
    if (before.clientId === clientId) return;
    this.remember(ticketId, { ...before, clientId });
    // Both the client that loses the work and the one that gets it are rated anew.
    this.moveSpans.run(clientId ?? NO_CLIENT, ticketId);
    if (this.moveWork.run(clientId ?? NO_CLIENT, ticketId).changes === 0) return;
    this.workOfPeriods.forget();
    this.stale.ticketAndItsPeriods(ticketId);
  }

  private notResolved(ticketId: string): void {
    const before = this.stand(ticketId);
    if (!before.resolved) return;
    this.unresolve.run(ticketId);
    this.remember(ticketId, { ...before, resolved: false });
    this.stale.ticketAndItsPeriods(ticketId);
  }

  private resolved(ticketId: string, event: Extract<RecordedTicketEvent, { type: 'TicketResolved' }>): void {
    const before = this.stand(ticketId);
    this.resolve.run(event.occurredAt, event.id, event.data.materials, ticketId);
    this.remember(ticketId, { ...before, resolved: true });
    if (event.data.resolution !== null) this.text(ticketId, event, 0, event.data.resolution);
    this.stale.ticketAndItsPeriods(ticketId);
  }

  /** Past its resolution. A history may jump there: then this is the resolution, or the ticket's work would never be asked for. */
  private pastResolution(ticketId: string, event: RecordedEvent): void {
    const before = this.stand(ticketId);
    if (before.resolved) return;
    this.resolve.run(event.occurredAt, event.id, null, ticketId);
    this.remember(ticketId, { ...before, resolved: true });
    this.stale.ticketAndItsPeriods(ticketId);
  }

  private text(ticketId: string, event: RecordedEvent, part: number, text: string): void {
    if (text !== '') this.addText.run(ticketId, event.position, part, event.id, text);
  }

  /** How the ticket stands. Events of one ticket come close together, so that it is mostly known. */
  private stand(ticketId: string): Standing {
    const known = this.standings.get(ticketId) ?? this.stored(ticketId);
    if (known === undefined) this.begin.run(ticketId);
    return this.remember(ticketId, known ?? { clientId: null, resolved: false });
  }

  private stored(ticketId: string): Standing | undefined {
    const row = this.standing.get(ticketId);
    return row && { clientId: row.client_id, resolved: row.resolved === 1 };
  }

  private remember(ticketId: string, standing: Standing): Standing {
    if (this.standings.size >= MAX_REMEMBERED_TICKETS) this.standings.clear();
    this.standings.set(ticketId, standing);
    return standing;
  }
}
