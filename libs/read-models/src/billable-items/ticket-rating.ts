import {
  deriveTicketGaps,
  mergedGaps,
  unpricedForLackOfClient,
  type DerivedGap,
  type RatedWork,
} from '@billtrail/billing';
import type { LocalDate } from '@billtrail/kernel';
import type { FactsReader } from '../rating-facts/facts-reader.js';
import type { TicketRow } from '../rating-facts/tables.js';

export const NOTHING: RatedWork = { items: [], gaps: [] };

/** What is derived from a ticket itself and not from a client-period: its resolution, its own gaps, and its work as long as it has no client. */
export class TicketRating {
  constructor(private readonly facts: FactsReader) {}

  of(row: TicketRow): RatedWork & { readonly resolvedOn: LocalDate | null } {
    // A merged ticket is accounted for by the one that it was merged into.
    const isMerged = this.facts.merges.of(row.ticketId) !== null;
    const resolvedOn = isMerged ? null : this.facts.resolvedOn(row);
    const ticket = this.facts.ticketOfWork(row);
    // No client-period holds it.
    const { items, gaps } =
      ticket.clientId === null ? unpricedForLackOfClient(ticket, this.facts.workOf(row.ticketId)) : NOTHING;
    return { resolvedOn, items, gaps: mergedGaps([...(resolvedOn === null ? [] : this.ownGaps(row)), ...gaps]) };
  }

  private ownGaps(row: TicketRow): readonly DerivedGap[] {
    const configuration = this.facts.configuration();
    const texts = configuration.materialWords.length > 0;
    const sites = row.clientId === null ? null : (this.facts.client(row.clientId)?.state.sites ?? []);
    const work = this.facts.kindsOfWork(row.ticketId);
    return deriveTicketGaps(this.facts.ticket(row, { texts }), work, configuration, sites);
  }
}
