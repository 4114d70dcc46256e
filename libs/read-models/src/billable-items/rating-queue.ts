import type { Month } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { mayCarryOver, type ClientPeriodFacts, type RatingResult } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import { NO_PERIOD, type TicketRow } from '../rating-facts/tables.js';
import { Known } from '../parking/known.js';
import { FactNotTaken, whyNotTaken, type ToldBy } from '../parking/not-taken.js';
import { ParkedPeriods, type NotTaken } from '../parking/parked-periods.js';
import { ANY, NOBODY } from '../parking/parked-streams.js';
import type { Parked } from '../parking/parked.js';
import type { Deriving } from '../runner/projection.js';
import { FirstNotTaken } from './first-not-taken.js';
import { ParkedMarks } from './parked-marks.js';
import { PeriodChain } from './period-chain.js';
import { ResultWriter } from './result-writer.js';
import { NOTHING, TicketRating } from './ticket-rating.js';

/** Tickets that are taken from the marks at once. */
const TICKETS_AT_ONCE = 100;

const AFTER_ALL_MONTHS: Month = '9999-99';

/** Rating, as the projection is given it: a spec counts how often it is asked. */
export type Rate = (facts: ClientPeriodFacts) => RatingResult;

/**
 * The client-periods and tickets that are marked as stale, rated one after the other. The periods of a client come in the order of their months:
 * one with another carry-over than before makes the next one stale, which comes next; with the same carry-over the chain ends.
 */
export class RatingQueue implements Deriving {
  private readonly facts: FactsReader;
  private readonly tickets: TicketRating;
  private readonly chain: PeriodChain;
  private readonly results: ResultWriter;
  private readonly memory: FactsMemory;
  private readonly known: Known;
  private readonly notTaken: ParkedPeriods;
  private readonly first: FirstNotTaken;
  private readonly marked: ParkedMarks;
  /** Spares a look for each client-period where nothing is. */
  private isAnyParked = false;
  private readonly firstPeriod;
  private readonly firstTickets;
  private readonly isAnyLeft;
  private readonly markPeriod;
  private readonly clearPeriod;
  private readonly clearTicket;

  constructor(
    private readonly database: ReadDatabase,
    private readonly rate: Rate,
    /** Later ones are left as they are. */
    private readonly lastPeriod: Month = AFTER_ALL_MONTHS,
  ) {
    this.memory = FactsMemory.begun(database);
    this.facts = new FactsReader(database, this.memory);
    this.tickets = new TicketRating(this.facts);
    this.chain = new PeriodChain(database);
    this.results = new ResultWriter(database);
    // What it could not take itself it tries again; what was not folded has a hole.
    this.known = new Known(database).of('rating-facts');
    this.notTaken = new ParkedPeriods(database, 'billable-items');
    this.first = new FirstNotTaken(database, rate);
    this.marked = new ParkedMarks(database);
    this.firstPeriod = database.statement<[], { clientId: string; period: Month }>(
      'SELECT client_id AS clientId, period FROM stale_periods ORDER BY client_id, period LIMIT 1',
    );
    this.firstTickets = database.statement<[number], string>('SELECT ticket_id FROM stale_tickets LIMIT ?').pluck();
    this.isAnyLeft = database
      .statement<[], number>('SELECT EXISTS (SELECT 1 FROM stale_periods) OR EXISTS (SELECT 1 FROM stale_tickets)')
      .pluck();
    this.markPeriod = database.statement('INSERT OR IGNORE INTO stale_periods VALUES (?, ?)');
    this.clearPeriod = database.statement('DELETE FROM stale_periods WHERE client_id = ? AND period = ?');
    this.clearTicket = database.statement('DELETE FROM stale_tickets WHERE ticket_id = ?');
  }

  markParked(isAll: boolean): void {
    this.marked.parked(isAll);
  }

  /** Periods first, then tickets. */
  derive(deadline: number, now: () => number): boolean {
    const parked = this.known.now();
    this.isAnyParked = this.notTaken.isAny();
    for (let next = this.firstPeriod.get(); next; next = this.firstPeriod.get()) {
      this.period(next.clientId, next.period, parked);
      if (now() >= deadline) return this.isAnyLeft.get() === 1;
    }
    for (
      let next = this.firstTickets.all(TICKETS_AT_ONCE);
      next.length > 0;
      next = this.firstTickets.all(TICKETS_AT_ONCE)
    ) {
      for (const ticketId of next) {
        this.ticket(ticketId, parked);
        this.memory.markedTickets.delete(ticketId);
        this.clearTicket.run(ticketId);
        if (now() >= deadline) return this.isAnyLeft.get() === 1;
      }
    }
    return false;
  }

  /** What is parked is made anew, whole, by whoever can read it: till then its facts have a hole, and are not rated. */
  private period(clientId: string, period: Month, parked: Parked): void {
    const isParked = parked.isParked({ clientId, period: null });
    if (isParked) this.gone(clientId, period, null);
    if (isParked || period > this.lastPeriod) {
      this.memory.markedPeriods.delete(`${clientId} ${period}`);
      this.clearPeriod.run(clientId, period);
      return;
    }
    const carriedOut = this.derived(clientId, period);
    this.memory.markedPeriods.delete(`${clientId} ${period}`);
    this.clearPeriod.run(clientId, period);
    const next = this.chain.nextToRate(clientId, period, carriedOut);
    if (next !== null) this.markPeriod.run(clientId, next);
  }

  /** Answers its carry-over. What can't be rated has no rows, and carries nothing over that anybody knows. */
  private derived(clientId: string, period: Month): string | null {
    const subject = `${clientId} ${period}`;
    const carriedIn = this.chain.carriedInto(clientId, period);
    try {
      // Work of no month stands for what nobody can place.
      if (period === NO_PERIOD) this.facts.workOfPeriod(clientId, period);
      const isRated = period !== NO_PERIOD && this.chain.isKnown(clientId, period);
      const carriedOut = isRated ? this.rated(clientId, period, carriedIn) : this.gone(clientId, period, carriedIn);
      if (this.isAnyParked && this.notTaken.taken(subject)) this.changedForLater(clientId, period);
      return carriedOut;
    } catch (error) {
      const found = whyNotTaken(error);
      if (found === null) throw error;
      this.park(subject, { clientId, period, ...found, told: this.toldBy(error, clientId, period, carriedIn) });
      return this.gone(clientId, period, null);
    }
  }

  private toldBy(error: unknown, clientId: string, period: Month, carriedIn: string | null): ToldBy {
    if (error instanceof FactNotTaken) return error.told;
    return this.first.of(clientId, this.factsOrNull(clientId, period, carriedIn));
  }

  private factsOrNull(clientId: string, period: Month, carriedIn: string | null): ClientPeriodFacts | null {
    try {
      return this.facts.periodFacts(clientId, period, carriedIn);
    } catch {
      return null;
    }
  }

  private park(subject: string, notTaken: NotTaken): void {
    const before = this.notTaken.of(subject);
    if (before?.cause === notTaken.cause && before.told.eventId === notTaken.told.eventId) return;
    this.notTaken.park(subject, notTaken);
    this.isAnyParked = true;
    if (before === null) this.changedForLater(notTaken.clientId, notTaken.period);
  }

  /** What a later period is rated with is known no more, or again. */
  private changedForLater(clientId: string, period: Month): void {
    if (period !== NO_PERIOD) this.marked.later(clientId, period);
  }

  /** @throws FactNotTaken where a period before, which it goes on from, can't be rated */
  private rated(clientId: string, period: Month, carriedIn: string | null): string {
    const facts = this.facts.periodFacts(clientId, period, carriedIn);
    const before = this.isAnyParked ? this.notTaken.firstBefore(clientId, period) : null;
    if (before !== null && mayCarryOver(facts.contracts))
      throw new FactNotTaken(
        `it goes on from ${before.period}, which can't be rated: ${before.cause}`,
        before.told,
        before.why,
      );
    const result = this.rate(facts);
    const carriedOut = JSON.stringify(result.carriedOver);
    this.database.nested(() => {
      this.results.period(clientId, period, { result, contracts: facts.contracts });
      this.chain.rated(clientId, period, carriedIn, carriedOut);
    });
    return carriedOut;
  }

  /** Nothing is in the period any more: the carry-over of the one before goes on to the next. */
  private gone(clientId: string, period: Month, carriedIn: string | null): string | null {
    this.results.period(clientId, period, null);
    this.chain.gone(clientId, period);
    return carriedIn;
  }

  private ticket(ticketId: string, parked: Parked): void {
    const row = this.facts.ticketRow(ticketId);
    if (!row) return;
    if (parked.isParked({ ticketId, period: null })) return this.results.ticket(row, null, NOTHING);
    const subject = streamName('ticket', ticketId);
    try {
      this.derivedTicket(row);
      if (this.isAnyParked) this.notTaken.taken(subject);
    } catch (error) {
      const found = whyNotTaken(error);
      if (found === null) throw error;
      const clientId = row.clientId ?? NOBODY;
      const told = error instanceof FactNotTaken ? error.told : this.first.of(clientId, null);
      this.park(subject, { clientId, period: ANY, ...found, told });
      this.results.ticket(row, null, NOTHING);
    }
  }

  private derivedTicket(row: TicketRow): void {
    const { resolution, ...rated } = this.tickets.of(row);
    this.database.nested(() => this.results.ticket(row, resolution, rated));
  }
}
