import type { Month } from '@billtrail/kernel';
import {
  deriveTicketGaps,
  unpricedForLackOfClient,
  type BillingConfiguration,
  type ClientPeriodFacts,
  type DerivedGap,
  type RatedWork,
  type RatingResult,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { FactsReader } from './facts-reader.js';
import { PeriodChain } from './period-chain.js';
import { ResultWriter } from './result-writer.js';
import type { TicketRow } from './schema.js';
import type { Staleness } from './staleness.js';

/** Tickets that are taken from the marks at once. */
const TICKETS_AT_ONCE = 100;

const NOTHING: RatedWork = { items: [], gaps: [] };

/** Rating, as the projection is given it: a spec counts how often it is asked. */
export type Rate = (facts: ClientPeriodFacts) => RatingResult;

/**
 * Works out stale client-periods and tickets anew. The periods of a client come in the order of their months: one that hands over something
 * else than before makes the next one stale, which comes next; where it hands over the same, the chain ends.
 */
export class Settlement {
  private readonly chain: PeriodChain;
  private readonly results: ResultWriter;
  private readonly putResolvedOn;

  constructor(
    database: ReadDatabase,
    private readonly facts: FactsReader,
    private readonly stale: Staleness,
    private readonly rate: Rate,
  ) {
    this.chain = new PeriodChain(database);
    this.results = new ResultWriter(database);
    this.putResolvedOn = database.statement('UPDATE tickets SET resolved_on = ? WHERE ticket_id = ?');
  }

  /** Periods first, then tickets, until the deadline. True while something is left. */
  run(deadline: number, now: () => number): boolean {
    for (let next = this.stale.nextPeriod(); next; next = this.stale.nextPeriod()) {
      this.period(next.clientId, next.period);
      if (now() >= deadline) return this.stale.any();
    }
    for (
      let next = this.stale.nextTickets(TICKETS_AT_ONCE);
      next.length > 0;
      next = this.stale.nextTickets(TICKETS_AT_ONCE)
    ) {
      for (const ticketId of next) {
        this.ticket(ticketId);
        this.stale.ticketDone(ticketId);
        if (now() >= deadline) return this.stale.any();
      }
    }
    return false;
  }

  private period(clientId: string, period: Month): void {
    const handedOver = this.chain.handedTo(clientId, period);
    const handsOver = this.chain.isKnown(clientId, period)
      ? this.rated(clientId, period, handedOver)
      : this.passedBy(clientId, period, handedOver);
    this.stale.periodDone(clientId, period);
    const next = this.chain.nextToRate(clientId, period, handsOver);
    if (next !== null) this.stale.period(clientId, next);
  }

  private rated(clientId: string, period: Month, handedOver: string | null): string {
    const facts = this.facts.periodFacts(clientId, period, handedOver);
    const result = this.rate(facts);
    this.results.period(clientId, period, { result, contracts: facts.contracts });
    const carriedOver = JSON.stringify(result.carriedOver);
    this.chain.rated(clientId, period, handedOver, carriedOver);
    return carriedOver;
  }

  /** Nothing is in the period any more: what the one before hands over goes on to the next. */
  private passedBy(clientId: string, period: Month, handedOver: string | null): string | null {
    this.results.period(clientId, period, null);
    this.chain.gone(clientId, period);
    return handedOver;
  }

  private ticket(ticketId: string): void {
    const row = this.facts.ticketRow(ticketId);
    if (!row) return;
    const resolvedOn = this.facts.resolvedOn(row);
    if (resolvedOn !== row.resolved_on) this.putResolvedOn.run(resolvedOn, ticketId);
    const withoutClient = row.client_id === null ? this.unpriced(row) : NOTHING;
    const own = resolvedOn === null ? [] : this.ownGaps(row, this.facts.configuration());
    this.results.ticket(ticketId, { items: withoutClient.items, gaps: [...own, ...withoutClient.gaps] });
  }

  private ownGaps(row: TicketRow, configuration: BillingConfiguration): readonly DerivedGap[] {
    const texts = configuration.materialWords.length > 0;
    return deriveTicketGaps(this.facts.ticket(row, { texts }), this.facts.kindsOfWork(row.ticket_id), configuration);
  }

  /** Work that no client-period holds, as long as the ticket has no client. */
  private unpriced(row: TicketRow): RatedWork {
    return unpricedForLackOfClient(this.facts.ticket(row), this.facts.workOf(row.ticket_id));
  }
}
