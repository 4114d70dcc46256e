import type { ScopeStatement } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import {
  SLA_MOVING_TYPES,
  WORK_ITEM_TYPES,
  isPastResolution,
  isWorkItemEvent,
  moveOf,
  type Classification,
  type SlaStage,
  type TicketEvent,
  type TicketRequested,
  type TransitionEvent,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type RecordedOf } from '../runner/projection.js';
import { remember, type FactsMemory } from './memory.js';
import { MergeFacts } from './merge-facts.js';
import { SlaFactsFold } from './sla-facts.js';
import type { StaleMarks } from './stale-marks.js';
import { MOVES, NO_CLIENT, TEXTS, TICKETS, UNKNOWN_PRIORITY, type TicketRow } from './tables.js';
import type { WorkFactsFold } from './work-facts.js';

/** The ticket events that rating and SLA clocks need: all but timers, verifications approved and who works on it. */
export const TICKET_TYPES = [
  ...SLA_MOVING_TYPES,
  'NoteAdded',
  'NoChargeDeclared',
  'ScopeClassified',
  ...WORK_ITEM_TYPES,
  'SlaWarned',
  'SlaBreached',
  'SlaBreachWithdrawn',
] as const satisfies readonly TicketEvent['type'][];

type FoldedEvent = RecordedOf<Extract<TicketEvent, { type: (typeof TICKET_TYPES)[number] }>>;
type MovingEvent = Extract<
  FoldedEvent,
  { type: TransitionEvent['type'] | 'TicketReclassified' | 'TicketReprioritised' | 'TicketMerged' | 'TicketSplit' }
>;

type WritingEvent = Extract<FoldedEvent, { type: 'TicketRequested' | 'NoteAdded' | 'TicketResolved' }>;

/** Tickets whose standing is kept between their events. */
const MAX_REMEMBERED_TICKETS = 5_000;
const STREAM_PREFIX_LENGTH = 'ticket-'.length;

interface Standing {
  readonly clientId: string | null;
  /** It stands where it was resolved, or further. */
  readonly resolved: boolean;
  /** It was, once. */
  readonly wasResolved: boolean;
}

/** Folds ticket events into the facts that rating and SLA clocks read, and marks what they make stale. Like `evolve`, it never rejects history. */
export class TicketFactsFold {
  private readonly sla: SlaFactsFold;
  private readonly merges: MergeFacts;
  private readonly standings = new Map<string, Standing>();
  private readonly standing;
  private readonly request;
  private readonly begin;
  private readonly classify;
  private readonly moveWork;
  private readonly moveSpans;
  private readonly moveTexts;
  private readonly prioritise;
  private readonly resolve;
  private readonly reopen;
  private readonly end;
  private readonly splitResolved;
  private readonly noCharge;
  private readonly addScope;
  private readonly addScopeToKnown;
  private readonly addText;
  private readonly addMove;

  constructor(
    database: ReadDatabase,
    private readonly work: WorkFactsFold,
    private readonly marks: StaleMarks,
    private readonly memory: FactsMemory,
  ) {
    this.sla = new SlaFactsFold(database, marks);
    this.merges = new MergeFacts(database, memory);
    this.standing = database.statement<[string], { clientId: string | null; wasResolved: number; resolved: number }>(
      `SELECT client_id AS clientId, resolved_at IS NOT NULL AS wasResolved, resolved_at IS NOT NULL AND reopened IS NULL AS resolved
       FROM tickets WHERE ticket_id = ?`,
    );
    this.request = database.insertFrom<TicketRow, TicketRequested['data']>(TICKETS, {});
    // A history that lacks its beginning, or has two, is taken as it comes.
    this.begin = database.statement("INSERT OR IGNORE INTO tickets (ticket_id, summary) VALUES (?, '')");
    const change = (columns: string) =>
      database.statement(`UPDATE tickets SET ${columns.split(' ').join(' = ?, ')} = ? WHERE ticket_id = ?`);
    this.classify = change('client_id contract_id site_id category ticket_type priority');
    this.prioritise = change('priority');
    this.resolve = change('resolved_at resolved_event_id materials reopened');
    this.reopen = database.statement(
      `UPDATE tickets SET reopened = json_object('at', ?, 'position', ?, 'wasFree', json(iif(no_charge_event_id IS NULL, 'false', 'true')))
       WHERE ticket_id = ?`,
    );
    this.end = change('reopened');
    this.splitResolved = change('split_resolved');
    this.noCharge = change('no_charge_reason_code no_charge_reason no_charge_event_id no_charge_position');
    const sayScope =
      "UPDATE tickets SET scope = json_insert(coalesce(scope, '[]'), '$[#]', json(?)) WHERE ticket_id = ?";
    this.addScope = database.statement(sayScope);
    this.addScopeToKnown = database.statement(`${sayScope} AND scope IS NOT NULL`);
    this.moveWork = database.statement('UPDATE work_items SET client_id = ? WHERE ticket_id = ?');
    this.moveSpans = database.statement('UPDATE work_spans SET client_id = ? WHERE ticket_id = ?');
    this.moveTexts = database.statement('UPDATE ticket_texts SET client_id = ? WHERE ticket_id = ?');
    this.addText = database.insert(TEXTS);
    this.addMove = database.insert(MOVES);
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<Extract<TicketEvent, { type: FoldedEvent['type'] }>>(recorded);
    const ticketId = event.stream.slice(STREAM_PREFIX_LENGTH);
    this.memory.tickets.delete(ticketId);
    if (isWorkItemEvent(event)) {
      this.work.apply(ticketId, this.clientOfWork(ticketId) ?? NO_CLIENT, event);
      if (this.merges.any()) this.marks.ticket(this.merges.rootOf(ticketId));
      return this.marks.ticket(ticketId);
    }
    switch (event.type) {
      case 'NoteAdded':
        this.wrote(ticketId, event, [event.data.text]);
        return this.marks.ticket(this.merges.rootOf(ticketId));
      case 'NoChargeDeclared':
        this.stand(ticketId);
        this.noCharge.run(event.data.reasonCode, event.data.reason, event.id, event.position, ticketId);
        return this.marked(ticketId);
      case 'ScopeClassified': {
        const { scope, reason } = event.data;
        this.stand(ticketId);
        this.scoped(ticketId, { by: 'operations', scope, reason, position: event.position, eventId: event.id });
        return this.marked(ticketId);
      }
      case 'SlaWarned':
      case 'SlaBreached':
      case 'SlaBreachWithdrawn':
        return this.sla.apply(ticketId, event);
      default:
        return this.moved(ticketId, event);
    }
  }

  private moved(ticketId: string, event: MovingEvent): void {
    const { clientId } = this.known(ticketId) ?? { clientId: null };
    this.changed(ticketId, event);
    const move = moveOf(event);
    if (move !== null) {
      const priority = move.priority === undefined ? null : (move.priority ?? UNKNOWN_PRIORITY);
      this.addMove({ ticketId, position: event.position, at: move.at, stage: move.stage, priority });
      for (const client of new Set([clientId, this.stand(ticketId).clientId]))
        if (client !== null) this.marks.ticketMoved(client, move.at);
      // What is part of another keeps its own resolution, and has it when it is split off: a cancelled ticket none.
      if (event.type !== 'TicketMerged' && event.type !== 'TicketSplit' && move.stage !== null)
        this.stands(ticketId, move.stage, event);
    }
    // As the ticket's own fold has it: a no-charge declaration ends with the resolution that it came with.
    if (event.type === 'TicketReopened') this.noCharge.run(null, null, null, null, ticketId);
    if (this.marks.hasClocks(clientId) || this.marks.hasClocks(this.stand(ticketId).clientId))
      this.marks.clocks(ticketId);
  }

  /** What an event says besides where the ticket stands. */
  private changed(ticketId: string, event: MovingEvent): void {
    switch (event.type) {
      case 'TicketRequested':
        return this.requested(ticketId, event);
      case 'TicketTriaged':
      case 'TicketReclassified':
        return this.classified(ticketId, event.data);
      case 'TicketReprioritised':
        this.stand(ticketId);
        this.prioritise.run(event.data.priority, ticketId);
        return this.marked(ticketId);
      case 'TicketReopened':
        this.stand(ticketId);
        return this.marked(ticketId);
      case 'TicketResolved': {
        const { resolution, scope } = event.data;
        this.wrote(ticketId, event, [resolution]);
        this.stand(ticketId);
        if (scope !== null)
          this.scoped(ticketId, { by: 'resolution', scope, reason: null, position: event.position, eventId: event.id });
        return;
      }
      case 'TicketMerged':
        return this.mergedInto(ticketId, event);
      case 'TicketSplit':
        return this.split(ticketId, event);
      default:
        this.stand(ticketId);
    }
  }

  /** Of merged tickets the ratings of all change. */
  private marked(ticketId: string): void {
    for (const one of this.merges.treeOf(ticketId)) this.marks.ticketAndItsPeriods(one);
  }

  /** Work follows the client of the ticket as whose it is rated. */
  private clientOfWork(ticketId: string): string | null {
    const own = this.stand(ticketId);
    const root = this.merges.rootOf(ticketId);
    return root === ticketId ? own.clientId : this.stand(root).clientId;
  }

  private mergedInto(ticketId: string, event: Extract<MovingEvent, { type: 'TicketMerged' }>): void {
    this.stand(ticketId);
    this.marked(ticketId);
    const told = { ticketId, position: event.position, eventId: event.id };
    if (!this.merges.merged(told, event.data.into)) return;
    this.workFollows(ticketId);
  }

  private split(ticketId: string, event: Extract<MovingEvent, { type: 'TicketSplit' }>): void {
    this.stand(ticketId);
    if (event.data.wasResolved === true) this.splitResolved.run(event.position, ticketId);
    this.marked(ticketId);
    if (this.merges.split(ticketId)) this.workFollows(ticketId);
  }

  /** The work of all that is one with the ticket, and its texts, go to its client. What it was part of before is marked before. */
  private workFollows(ticketId: string): void {
    const clientId = this.clientOfWork(ticketId) ?? NO_CLIENT;
    let moved = 0;
    for (const one of this.merges.treeOf(ticketId)) {
      this.moveSpans.run(clientId, one);
      this.moveTexts.run(clientId, one);
      moved += this.moveWork.run(clientId, one).changes;
    }
    // It may be in any period.
    if (moved > 0) this.memory.work.clear();
    if (moved > 0 || this.merges.any()) this.marked(ticketId);
  }

  private requested(ticketId: string, event: Extract<FoldedEvent, { type: 'TicketRequested' }>): void {
    const { summary, description, clientId } = event.data;
    if (this.known(ticketId) === undefined) {
      this.request(event.data);
      this.remember(ticketId, { clientId, resolved: false, wasResolved: false });
    } else this.classified(ticketId, event.data);
    this.wrote(ticketId, event, [summary, description]);
  }

  private classified(ticketId: string, data: Classification): void {
    const { clientId, contractId, siteId, category, ticketType, priority } = data;
    const before = this.stand(ticketId);
    this.marked(ticketId);
    this.classify.run(clientId, contractId, siteId, category, ticketType, priority, ticketId);
    if (before.clientId === clientId) return;
    this.remember(ticketId, { ...before, clientId });
    // Both the client that loses the work and the one that gets it are rated anew.
    this.workFollows(ticketId);
  }

  /**
   * A history may jump past the resolution: then that event is the resolution, or the ticket's work would never be asked for. Resolved again, the
   * later resolution counts. Opened again, its work until then stays accounted for from that resolution on; cancelled after that, all of it does.
   */
  private stands(ticketId: string, stage: SlaStage, event: MovingEvent): void {
    const before = this.stand(ticketId);
    const isEnd = isPastResolution(stage) || (stage === 'cancelled' && before.wasResolved);
    if (isEnd === before.resolved && event.type !== 'TicketResolved') return;
    const materials = event.type === 'TicketResolved' ? event.data.materials : null;
    if (stage === 'cancelled') this.end.run(null, ticketId);
    else if (isEnd) this.resolve.run(event.occurredAt, event.id, materials, null, ticketId);
    else this.reopen.run(event.occurredAt, event.position, ticketId);
    this.remember(ticketId, { ...before, resolved: isEnd, wasResolved: true });
    this.marked(ticketId);
  }

  /** Of nearly all tickets nothing was ever said but that they are in their contract: they keep nothing. */
  private scoped(ticketId: string, statement: ScopeStatement): void {
    const isPlain = statement.by === 'resolution' && statement.scope === 'in-contract';
    (isPlain ? this.addScopeToKnown : this.addScope).run(JSON.stringify(statement), ticketId);
  }

  private wrote(ticketId: string, event: WritingEvent, texts: readonly (string | null)[]): void {
    const { id: eventId, position } = event;
    const { materialWords: words } = event.data;
    const clientId = this.known(this.merges.rootOf(ticketId))?.clientId ?? NO_CLIENT;
    const of = { ticketId, position, eventId, clientId };
    if (words === undefined) {
      for (const [part, text] of texts.entries())
        if (text !== null && text !== '') this.addText({ ...of, part, text, words: null });
    } else if (words.length > 0) this.addText({ ...of, part: 0, text: null, words });
  }

  /** How the ticket stands. */
  private stand(ticketId: string): Standing {
    const known = this.known(ticketId);
    if (known === undefined) this.begin.run(ticketId);
    return this.remember(ticketId, known ?? { clientId: null, resolved: false, wasResolved: false });
  }

  /** Events of one ticket come close together, so that it is mostly remembered. */
  private known(ticketId: string): Standing | undefined {
    const known = this.standings.get(ticketId);
    if (known !== undefined) return known;
    const stored = this.standing.get(ticketId);
    return (
      stored && {
        clientId: stored.clientId,
        resolved: stored.resolved === 1,
        wasResolved: stored.wasResolved === 1,
      }
    );
  }

  private remember(ticketId: string, standing: Standing): Standing {
    return remember(this.standings, ticketId, standing, MAX_REMEMBERED_TICKETS);
  }
}
