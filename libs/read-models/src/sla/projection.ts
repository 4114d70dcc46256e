import type { ClientEvent } from '@billtrail/contracts';
import type { ContractFacts } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import { moveOf, SLA_MOVING_TYPES, type SlaEvent, type SlaSubject, type TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type Projection, type Projector, type RecordedOf } from '../runner/projection.js';
import { contractAfter, hasLevels, SLA_CONTRACT_TYPES, ServiceLevels, type SlaContractEvent } from './contracts.js';
import { SLA_TABLES, slaDefinitions, UNKNOWN_PRIORITY } from './schema.js';
import { SlaSettlement } from './settlement.js';

const CLIENT_TYPES = ['ClientRegistered', 'ClientDetailsChanged'] as const satisfies readonly ClientEvent['type'][];
const RECORD_TYPES = ['SlaWarned', 'SlaBreached', 'SlaBreachWithdrawn'] as const satisfies readonly SlaEvent['type'][];

type MovingEvent = Extract<TicketEvent, { type: (typeof SLA_MOVING_TYPES)[number] }>;
type FoldedEvent = MovingEvent | SlaEvent | SlaContractEvent | ClientEvent;
type Recorded<Type extends FoldedEvent['type']> = Extract<RecordedOf<FoldedEvent>, { type: Type }>;

/** How tickets stand against the service levels of their contracts, and which of them the policy must look at when. */
export const slaProjection: Projection = {
  name: 'sla',
  schemaVersion: 1,
  types: [...SLA_MOVING_TYPES, ...RECORD_TYPES, ...SLA_CONTRACT_TYPES, ...CLIENT_TYPES],
  tables: SLA_TABLES,
  definitions: slaDefinitions,
  start: (database) => new SlaProjector(database),
};

/** Tickets whose client and contract are kept between their events. */
const MAX_REMEMBERED_TICKETS = 5_000;
const STREAM_PREFIX_LENGTH = 'ticket-'.length;

class SlaProjector implements Projector {
  private readonly subjects = new Map<string, SlaSubject>();
  /** Clients with a contract that has service levels in any version. The tickets of all others cost nothing but the keeping of their moves. */
  private readonly tracked: Set<string>;
  private readonly levels: ServiceLevels;
  private readonly settlement: SlaSettlement;
  private readonly subject;
  private readonly putSubject;
  private readonly addMove;
  private readonly addRecord;
  private readonly removeRecord;
  private readonly contract;
  private readonly putContract;
  private readonly trackedClients;
  private readonly putZone;
  private readonly markTicket;
  private readonly markTicketsOfClient;
  private readonly anything;

  constructor(database: ReadDatabase) {
    this.levels = new ServiceLevels(database);
    this.settlement = new SlaSettlement(database, this.levels, (clientId) => this.tracked.has(clientId));
    this.subject = database.statement<[string], SlaSubject>(
      'SELECT client_id AS clientId, contract_id AS contractId FROM sla_subjects WHERE ticket_id = ?',
    );
    this.putSubject = database.statement('INSERT OR REPLACE INTO sla_subjects VALUES (?, ?, ?)');
    this.addMove = database.statement('INSERT INTO sla_moves VALUES (?, ?, ?, ?, ?)');
    this.addRecord = database.statement('INSERT INTO sla_records VALUES (?, ?, ?, ?, ?)');
    this.removeRecord = database.statement('DELETE FROM sla_records WHERE ticket_id = ? AND event_id = ?');
    this.contract = database
      .statement<[string], string>('SELECT facts FROM sla_contracts WHERE contract_id = ?')
      .pluck();
    this.putContract = database.statement('INSERT OR REPLACE INTO sla_contracts VALUES (?, ?, ?, ?)');
    this.trackedClients = database
      .statement<[], string>('SELECT DISTINCT client_id FROM sla_contracts WHERE has_levels = 1')
      .pluck();
    this.putZone = database.statement('INSERT OR REPLACE INTO sla_zones VALUES (?, ?)');
    this.markTicket = database.statement('INSERT OR IGNORE INTO sla_stale VALUES (?)');
    this.markTicketsOfClient = database.statement(
      'INSERT OR IGNORE INTO sla_stale SELECT ticket_id FROM sla_subjects WHERE client_id = ?',
    );
    this.anything = database.statement<[], number>('SELECT EXISTS (SELECT 1 FROM sla_stale)').pluck();
    this.tracked = new Set(this.trackedClients.all());
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    switch (event.type) {
      case 'ClientRegistered':
      case 'ClientDetailsChanged': {
        const { clientId, timeZone } = event.data;
        this.putZone.run(clientId, timeZone);
        return this.changed(this.tracked.has(clientId) ? [clientId] : []);
      }
      case 'ContractActivated':
      case 'ContractVersionPublished':
      case 'ContractRenewed':
      case 'ContractSuspended':
      case 'ContractResumed':
      case 'ContractTerminated':
        return this.contractChanged(event);
      case 'SlaWarned':
      case 'SlaBreached':
      case 'SlaBreachWithdrawn':
        return this.recorded(event);
      default:
        return this.moved(event);
    }
  }

  settle(deadline: number, now: () => number): boolean {
    return this.settlement.run(deadline, now);
  }

  unsettled(): boolean {
    return this.anything.get() === 1;
  }

  private moved(event: RecordedOf<MovingEvent>): void {
    const ticketId = event.stream.slice(STREAM_PREFIX_LENGTH);
    const before = this.subjectOf(ticketId);
    const move = moveOf(event);
    if (move !== null) {
      const priority = move.priority === undefined ? null : (move.priority ?? UNKNOWN_PRIORITY);
      this.addMove.run(ticketId, event.position, move.at, move.stage, priority);
    }
    const after = 'clientId' in event.data ? event.data : before;
    if (after.clientId !== before.clientId || after.contractId !== before.contractId) {
      this.putSubject.run(ticketId, after.clientId, after.contractId);
      this.remember(ticketId, { clientId: after.clientId, contractId: after.contractId });
    }
    if (this.isTracked(before) || this.isTracked(after)) this.markTicket.run(ticketId);
  }

  private recorded(event: Recorded<SlaEvent['type']>): void {
    const ticketId = event.stream.slice(STREAM_PREFIX_LENGTH);
    if (event.type === 'SlaBreachWithdrawn') this.removeRecord.run(ticketId, event.data.breachEventId);
    else this.addRecord.run(ticketId, event.position, event.id, event.type, JSON.stringify(event.data));
    this.markTicket.run(ticketId);
  }

  private contractChanged(event: Recorded<SlaContractEvent['type']>): void {
    const { contractId } = event.data;
    const stored = this.contract.get(contractId);
    const before = stored === undefined ? null : (JSON.parse(stored) as ContractFacts);
    const after = contractAfter(before, event);
    if (after === null) return;
    this.putContract.run(contractId, after.clientId, hasLevels(after) ? 1 : 0, JSON.stringify(after));
    const clients = [...new Set([after.clientId, before?.clientId ?? after.clientId])];
    const concerned = clients.filter((clientId) => this.tracked.has(clientId));
    this.tracked.clear();
    for (const clientId of this.trackedClients.all()) this.tracked.add(clientId);
    this.changed([...new Set([...concerned, ...clients.filter((clientId) => this.tracked.has(clientId))])]);
  }

  /** The service levels of clients may be others now. */
  private changed(clientIds: readonly string[]): void {
    this.levels.forget();
    for (const clientId of clientIds) this.markTicketsOfClient.run(clientId);
  }

  private isTracked({ clientId }: SlaSubject): boolean {
    return clientId !== null && this.tracked.has(clientId);
  }

  /** Events of one ticket come close together, so that it is mostly known. */
  private subjectOf(ticketId: string): SlaSubject {
    const known = this.subjects.get(ticketId) ?? this.subject.get(ticketId) ?? { clientId: null, contractId: null };
    return this.remember(ticketId, known);
  }

  private remember(ticketId: string, subject: SlaSubject): SlaSubject {
    if (this.subjects.size >= MAX_REMEMBERED_TICKETS) this.subjects.clear();
    this.subjects.set(ticketId, subject);
    return subject;
  }
}
