import { isLocalDate, monthOf, type Month } from '@billtrail/kernel';
import { otherMonthsOf } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import {
  TYPES_OF_PLACES,
  isApprovalOfWork,
  isRecordOfWork,
  idOfWork,
  isEndOfWork,
  type EventOfPlaces,
  type TimeEntryFacts,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { allOf } from '../database/list.js';
import { eventOf } from '../runner/projection.js';
import { PLACES_LEFT, PLACES_OF_TICKETS, PLACES_OF_WORK, groupOfTicket } from './tables.js';

const OF_PLACES: ReadonlySet<string> = new Set(TYPES_OF_PLACES);
const TICKET_STREAM = 'ticket-';

export function isOfPlaces({ type }: RecordedEvent): boolean {
  return OF_PLACES.has(type);
}

/** False for what no door lets into a log. */
function isDay(workDate: unknown): boolean {
  return typeof workDate === 'string' && isLocalDate(workDate);
}

/** All in which work may lie, in order. */
function monthsOf(facts: Pick<TimeEntryFacts, 'workDate'> | TimeEntryFacts): readonly Month[] {
  const others = 'startedAt' in facts ? otherMonthsOf(facts) : null;
  return [monthOf(facts.workDate), ...(others ?? [])].sort();
}

/** A client and a month in which work of a ticket stands, or stood. */
export interface PlaceOfTicket {
  readonly ticketId: string;
  readonly clientId: string;
  readonly period: Month;
}

/**
 * Folds which clients and months work left after it was held: it was approved there, or its ticket resolved or part of another, and since then its day or its client is
 * another, also by way of the ticket that its own is part of. What is forgone of it counts there too, by whatever act. Work with start and end stands in all months in which it
 * may lie in any zone of the earth: rating puts each part of it into the month where it was done, and the zone of a client or a site may change.
 */
export class PlacesOfWorkFold {
  private readonly ticket;
  private readonly putTicket;
  private readonly partsOf;
  private readonly putWork;
  private readonly work;
  private readonly heldOf;
  private readonly worksOf;
  private readonly hold;
  private readonly holdAll;
  private readonly leave;

  constructor(database: ReadDatabase) {
    this.ticket = database.rows(PLACES_OF_TICKETS, 'WHERE ticket_id = ?');
    this.putTicket = database.insert(PLACES_OF_TICKETS, 'OR REPLACE');
    this.partsOf = database.rows(PLACES_OF_TICKETS, 'WHERE part_of = ?');
    this.putWork = database.insert(PLACES_OF_WORK, 'OR REPLACE');
    this.work = database.rows(PLACES_OF_WORK, 'WHERE ticket_id = ? AND work_item_id = ?');
    this.heldOf = database.rows(PLACES_OF_WORK, 'WHERE ticket_id = ? AND is_held = 1');
    this.worksOf = database.rows(PLACES_OF_WORK, 'WHERE ticket_id = ?');
    this.hold = database.statement<[string, string]>(
      'UPDATE places_of_work SET is_held = 1 WHERE ticket_id = ? AND work_item_id = ?',
    );
    this.holdAll = database.statement<[string]>('UPDATE places_of_work SET is_held = 1 WHERE ticket_id = ?');
    this.leave = database.insert(PLACES_LEFT, 'OR IGNORE');
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<EventOfPlaces>(recorded);
    const ticketId = event.stream.slice(TICKET_STREAM.length);
    const workItemId = idOfWork(event);
    if (workItemId !== null) return this.ofWork(event, ticketId, workItemId);
    if ('clientId' in event.data) this.goes(ticketId, { clientId: event.data.clientId });
    if (event.type === 'TicketMerged') this.goes(ticketId, { partOf: event.data.into });
    if (event.type === 'TicketSplit') this.goes(ticketId, { partOf: null });
    if (isEndOfWork(event)) this.holdAll.run(ticketId);
  }

  /** Where the work of some tickets stands now. */
  now(tickets: readonly string[]): readonly PlaceOfTicket[] {
    return this.placesOf(tickets, (ticketId) => this.worksOf.all(ticketId));
  }

  /** Where work of some tickets that may lie in several months stands now. `isAsked`: of which of their work, by its own id. */
  ofSeveralMonths(
    tickets: readonly string[],
    isAsked: (ticketId: string, workItemId: string) => boolean,
  ): readonly PlaceOfTicket[] {
    return this.placesOf(tickets, (ticketId) =>
      this.worksOf
        .all(ticketId)
        .filter(({ workItemId, periods }) => periods.length > 1 && isAsked(ticketId, workItemId)),
    );
  }

  private placesOf(
    tickets: readonly string[],
    works: (ticketId: string) => readonly { readonly periods: readonly Month[] }[],
  ): readonly PlaceOfTicket[] {
    return tickets.flatMap((ticketId) => {
      const clientId = this.clientOf(ticketId);
      const periods = new Set(works(ticketId).flatMap((work) => work.periods));
      return clientId === null ? [] : [...periods].sort().map((period) => ({ ticketId, clientId, period }));
    });
  }

  private ofWork(event: EventOfPlaces, ticketId: string, workItemId: string): void {
    if (isApprovalOfWork(event)) return void this.hold.run(ticketId, workItemId);
    // Work on no day stands nowhere: rating parks its client until the day is put right.
    if (!('workDate' in event.data) || !isDay(event.data.workDate)) return;
    const periods = monthsOf(event.data);
    if (isRecordOfWork(event)) {
      this.putWork({ ticketId, workItemId, periods, isHeld: 0, ticketGroup: groupOfTicket(ticketId) });
      return;
    }
    const work = this.work.get(ticketId, workItemId);
    if (work === undefined) return;
    const gone = work.periods.filter((period) => !periods.includes(period));
    if (work.isHeld === 1) this.left({ ...work, periods: gone }, this.clientOf(ticketId));
    this.putWork({ ...work, periods });
  }

  /** Its client, or the ticket that it is part of, is another: its work goes there, and so does all that is part of it. */
  private goes(ticketId: string, to: { readonly clientId?: string | null; readonly partOf?: string | null }): void {
    const ticketGroup = groupOfTicket(ticketId);
    const is = this.ticket.get(ticketId) ?? { ticketId, clientId: null, partOf: null, ticketGroup };
    const then = { ...is, ...to };
    if (then.clientId === is.clientId && then.partOf === is.partOf) return;
    const were = this.treeOf(ticketId).map((one) => ({ ticketId: one, clientId: this.clientOf(one) }));
    this.putTicket(then);
    for (const was of were)
      if (was.clientId !== this.clientOf(was.ticketId))
        for (const work of this.heldOf.all(was.ticketId)) this.left(work, was.clientId);
  }

  private left(
    { ticketId, workItemId, periods }: { ticketId: string; workItemId: string; periods: readonly Month[] },
    clientId: string | null,
  ): void {
    if (clientId === null) return;
    for (const period of periods)
      this.leave({ ticketId, workItemId, clientId, period, ticketGroup: groupOfTicket(ticketId) });
  }

  /** The ticket, and all that is part of it. */
  private treeOf(ticketId: string): readonly string[] {
    const tree = new Set([ticketId]);
    for (const one of tree) for (const part of this.partsOf.all(one)) tree.add(part.ticketId);
    return [...tree];
  }

  /** Whose its work is; null: nobody knows. Of merges at once that close a circle the later one is taken back. */
  private clientOf(ticketId: string): string | null {
    const seen = new Set<string>();
    let one = this.ticket.get(ticketId);
    while (one?.partOf != null && !seen.has(one.ticketId)) {
      seen.add(one.ticketId);
      one = this.ticket.get(one.partOf);
    }
    return one?.clientId ?? null;
  }
}

/** What of some tickets left where it stood. `isAsked`: of which of their work, by its own id. */
export function placesLeft(
  database: ReadDatabase,
  tickets: readonly string[],
  isAsked: (ticketId: string, workItemId: string) => boolean,
): readonly PlaceOfTicket[] {
  const rows = [...new Set(tickets)].flatMap((ticketId) =>
    allOf(database, PLACES_LEFT, { ticketId }, ['workItemId', 'clientId', 'period']),
  );
  const places = rows
    .filter(({ ticketId, workItemId }) => isAsked(ticketId, workItemId))
    .map(({ ticketId, clientId, period }): PlaceOfTicket => ({ ticketId, clientId, period }));
  return [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
}
