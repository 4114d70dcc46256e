import type { Month } from '@billtrail/kernel';
import {
  deriveTicketGaps,
  mergedGaps,
  unpricedForLackOfClient,
  type BillingConfiguration,
  type ClientPeriodFacts,
  type DerivedGap,
  type RatedWork,
  type RatingResult,
  type TicketFacts,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import type { TicketRow } from '../rating-facts/tables.js';
import { Known } from '../parking/known.js';
import type { Parked } from '../parking/parked.js';
import type { Deriving } from '../runner/projection.js';
import { PeriodChain } from './period-chain.js';
import { ResultWriter } from './result-writer.js';

/** Tickets that are taken from the marks at once. */
const TICKETS_AT_ONCE = 100;

const AFTER_ALL_MONTHS: Month = '9999-99';

const NOTHING: RatedWork = { items: [], gaps: [] };

/** Rating, as the projection is given it: a spec counts how often it is asked. */
export type Rate = (facts: ClientPeriodFacts) => RatingResult;

/**
 * The client-periods and tickets that are marked as stale, rated one after the other. The periods of a client come in the order of their months:
 * one with another carry-over than before makes the next one stale, which comes next; with the same carry-over the chain ends.
 */
export class RatingQueue implements Deriving {
  private readonly facts: FactsReader;
  private readonly chain: PeriodChain;
  private readonly results: ResultWriter;
  private readonly memory: FactsMemory;
  private readonly known: Known;
  private readonly firstPeriod;
  private readonly firstTickets;
  private readonly isAnyLeft;
  private readonly markPeriod;
  private readonly clearPeriod;
  private readonly clearTicket;

  constructor(
    database: ReadDatabase,
    private readonly rate: Rate,
    /** Later ones are left as they are. */
    private readonly lastPeriod: Month = AFTER_ALL_MONTHS,
  ) {
    this.memory = FactsMemory.begun(database);
    this.facts = new FactsReader(database, this.memory);
    this.chain = new PeriodChain(database);
    this.results = new ResultWriter(database);
    this.known = new Known(database);
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

  /** Periods first, then tickets. */
  derive(deadline: number, now: () => number): boolean {
    const parked = this.known.now();
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
    if (period > this.lastPeriod || parked.isParked({ clientId })) {
      this.memory.markedPeriods.delete(`${clientId} ${period}`);
      this.clearPeriod.run(clientId, period);
      return;
    }
    const carriedIn = this.chain.carriedInto(clientId, period);
    const carriedOut = this.chain.isKnown(clientId, period)
      ? this.rated(clientId, period, carriedIn)
      : this.gone(clientId, period, carriedIn);
    this.memory.markedPeriods.delete(`${clientId} ${period}`);
    this.clearPeriod.run(clientId, period);
    const next = this.chain.nextToRate(clientId, period, carriedOut);
    if (next !== null) this.markPeriod.run(clientId, next);
  }

  private rated(clientId: string, period: Month, carriedIn: string | null): string {
    const facts = this.facts.periodFacts(clientId, period, carriedIn);
    const result = this.rate(facts);
    this.results.period(clientId, period, { result, contracts: facts.contracts });
    const carriedOut = JSON.stringify(result.carriedOver);
    this.chain.rated(clientId, period, carriedIn, carriedOut);
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
    if (!row || parked.isParked({ ticketId })) return;
    // A merged ticket is accounted for by the one that it was merged into.
    const isMerged = this.facts.merges.of(ticketId) !== null;
    const resolvedOn = isMerged ? null : this.facts.resolvedOn(row);
    const ticket = this.facts.ticketOfWork(row);
    const withoutClient = ticket.clientId === null ? this.unpriced(ticket, ticketId) : NOTHING;
    const own = resolvedOn === null ? [] : this.ownGaps(row, this.facts.configuration());
    this.results.ticket(row, resolvedOn, {
      items: withoutClient.items,
      gaps: mergedGaps([...own, ...withoutClient.gaps]),
    });
  }

  private ownGaps(row: TicketRow, configuration: BillingConfiguration): readonly DerivedGap[] {
    const texts = configuration.materialWords.length > 0;
    const sites = row.clientId === null ? null : (this.facts.client(row.clientId)?.state.sites ?? []);
    const work = this.facts.kindsOfWork(row.ticketId);
    return deriveTicketGaps(this.facts.ticket(row, { texts }), work, configuration, sites);
  }

  /** Work that no client-period holds, as long as the ticket has no client. */
  private unpriced(ticket: TicketFacts, ticketId: string): RatedWork {
    return unpricedForLackOfClient(ticket, this.facts.workOf(ticketId));
  }
}
